"""The door: in with name and password, nothing told to those who guess, and out."""

from tests.office import make_office, text
from tests.programme import PASSWORD, Programme


def signed_in(browser: object, name: str, password: str = PASSWORD) -> object:
    from django.test import Client

    assert isinstance(browser, Client)
    return browser.post("/sign-in", {"username": name, "password": password, "next": ""})


def test_each_role_comes_to_its_own_first_page(programme: Programme) -> None:
    from django.test import Client

    first_pages = {
        "agness": f"/sites/{programme.home.id}",
        "chikondi": "/programme",
        "limbani": "/people",
    }
    for name, page in first_pages.items():
        browser = Client()
        assert signed_in(browser, name).url == "/"  # type: ignore[attr-defined]
        assert browser.get("/").url == page  # type: ignore[attr-defined]


def test_a_mentor_is_told_politely_where_her_work_is(programme: Programme) -> None:
    from django.test import Client

    browser = Client()
    signed_in(browser, "promise")
    answer = browser.get("/")
    assert answer.status_code == 403
    assert "Your work is on the phone" in text(answer) and "Agness" in text(answer)


def test_wrong_names_and_wrong_passwords_get_the_same_words(programme: Programme) -> None:
    from django.test import Client

    from mentormothers.access.models import User

    User.objects.filter(id=programme.stranger.id).update(is_active=False)  # not the object: tests share it
    pages = set()
    for name, password in (("agness", "wrong"), ("nobody", "wrong"), ("stranger", PASSWORD), ("promise\x00", "x"),
                           ("x" * 5000, "x"), ("' OR 1=1 --", "x")):  # fmt: skip
        answer = signed_in(Client(), name, password)
        assert answer.status_code == 200  # type: ignore[attr-defined]
        page = text(answer)
        assert name not in page
        pages.add(page.partition('role="alert">')[2].partition("</p>")[0])
    assert len(pages) == 1 and "That did not open the door" in pages.pop()


def test_too_many_tries_lock_the_door_for_known_and_unknown_names_alike(programme: Programme) -> None:
    from django.test import Client

    pages = []
    for name in ("agness", "nobody-at-all"):
        browser = Client()
        for _ in range(6):
            answer = signed_in(browser, name, "wrong")
        assert answer.status_code == 429  # type: ignore[attr-defined]
        assert name not in text(answer)
        pages.append(text(answer))
    assert pages[0] == pages[1]
    assert signed_in(Client(), "agness").status_code == 429  # type: ignore[attr-defined]


def test_signing_in_and_out_is_written_down(programme: Programme) -> None:
    office = make_office(programme)
    browser = office.browser("anonymous")
    signed_in(browser, "agness")
    assert [line.who for line in office.audited("user.signed_in")] == [programme.coordinator.id]
    assert browser.get("/sign-out").status_code == 405
    assert browser.post("/sign-out").url == "/sign-in"
    assert [line.who for line in office.audited("user.signed_out")] == [programme.coordinator.id]
    assert browser.get("/clients").status_code == 302


def test_one_comes_back_to_where_one_was_going_and_nowhere_else(programme: Programme) -> None:
    from django.test import Client

    browser = Client()
    assert browser.get("/clients").url == "/sign-in?next=/clients"  # type: ignore[attr-defined]
    asked = {"username": "agness", "password": PASSWORD}
    assert browser.post("/sign-in", asked | {"next": "/clients"}).url == "/clients"  # type: ignore[attr-defined]
    elsewhere = Client().post("/sign-in", asked | {"next": "https://elsewhere.example/"})
    assert elsewhere.url == "/"  # type: ignore[attr-defined]


def test_a_piece_of_a_page_is_not_replaced_by_the_door(programme: Programme) -> None:
    from django.test import Client

    answer = Client().post("/clients", {"text": "x"}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/sign-in"


def test_one_changes_her_own_password(programme: Programme) -> None:
    office = make_office(programme)
    browser = office.browser()
    short = {"old_password": PASSWORD, "new_password1": "short", "new_password2": "short"}
    assert "at least 12 characters" in text(browser.post("/password", short))
    new = "bicycle river maize lamp"
    answer = browser.post("/password", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert answer.url == "/"
    assert "new password is kept" in text(browser.get("/clients"))
    assert "new password is kept" not in text(browser.get("/clients")), "told once"
    assert office.audited("user.password_changed")[0].who == programme.coordinator.id
    assert signed_in(office.browser("anonymous"), "agness", new).url == "/"  # type: ignore[attr-defined]
