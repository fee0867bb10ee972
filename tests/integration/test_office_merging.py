"""The office shows a woman with two pseudonyms once, tells who joined them, and takes it back after a question."""

from uuid import UUID

from tests.integration.test_merging import Two, two
from tests.office import make_office, text

__all__ = ["two"]


def test_lists_and_pages_show_her_once_under_all_her_names(two: Two) -> None:
    office = make_office(two.programme)
    again = two.enrolled_here(**{"name.given": "Chisomo", "phone.number": "0888111222"})
    record = two.join(str(office.mother), again)
    browser = office.browser()
    person, other = sorted([str(office.mother), again])
    assert browser.get(f"/clients/{other}").url == f"/clients/{person}"
    page = text(browser.get(f"/clients/{person}"))
    assert "Enrolled more than once" in page and "Agness said" in page and "Delivery" in page
    assert page.count("Enrolled:") == 3, "both of hers, and the baby's"
    everybody = text(browser.get("/clients"))
    assert f"/clients/{person}" in everybody and f"/clients/{other}" not in everybody
    for name in ("Chisomo", "Grace", "0888111222", "0991234567"):
        found = text(browser.post("/clients", {"text": name}))
        assert f"/clients/{person}" in found and f"/clients/{other}" not in found, name
    worklist = text(browser.get(f"/sites/{two.programme.home.id}"))
    assert f"/clients/{other}" not in worklist

    question = f"/same-person/{record}"
    assert question in page and "Are they two persons?" in text(browser.get(question))
    for who in ("stranger", "mentor", "manager", "anonymous"):
        for answer in (office.browser(who).get(question), office.browser(who).post(question)):
            assert answer.status_code in (302, 403, 404) and "Grace" not in text(answer)
    assert browser.post(question).status_code == 302
    assert browser.get(question).status_code == browser.post(question).status_code == 404
    everybody = text(browser.get("/clients"))
    assert f"/clients/{person}" in everybody and f"/clients/{other}" in everybody
    assert "Enrolled more than once" not in text(browser.get(f"/clients/{person}"))


def test_a_record_under_either_pseudonym_is_put_right_from_her_page(two: Two) -> None:
    office = make_office(two.programme)
    again = two.enrolled_here()
    two.join(again, str(office.mother))
    person = min(again, str(office.mother))
    address = f"/clients/{person}/records/{office.record}"
    browser = office.browser()
    assert address in text(browser.get(f"/clients/{person}"))
    assert browser.post(address).status_code == 302
    assert address not in text(browser.get(f"/clients/{person}"))


def test_erasing_one_erases_the_whole_person(two: Two) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.register.names import find_clients, names_for
    from mentormothers.sync.erasing import erase
    from tests.programme import Api

    programme = two.programme
    here, there = two.enrolled_here(), two.enrolled_there(days_ago=9)
    two.join(here, there)
    by = programme.coordinator

    with scoped(scope_of(by)):
        erase(UUID(max(here, there)), "asked", by=by)
    with scoped(scope_of(by)):
        names = names_for(by, [UUID(here), UUID(there)], screen="test")
        assert {name.short for name in names.values()} == {"name erased"} and len(names) == 2
        assert not find_clients(by, "Grace")
    told = {e["client"] for e in Api(programme.phone).pull(by) if e["event"] == "erase"}
    assert told == {here, there}
    assert not [e for e in Api(programme.phone).pull(by) if e["event"] == "identity"]
