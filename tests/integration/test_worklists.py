"""Lists by household: of a site, a district, a mentor; pages that cut no family in two; and why a line stands where it does."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from mentormothers.followup.counting import Waiting
from tests.integration.test_followup import YES, missed
from tests.integration.test_keeping import owner
from tests.office import HTMX, NAMES, Office, born, make_office, sampled, text, woman
from tests.programme import Programme


def at(programme: Programme, *sites: Any, who: Any = None, **asked: Any) -> Any:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.followup.worklist import Worklist

    with scoped(scope_of(who or programme.coordinator)):
        return Worklist.at([site.id for site in sites], programme.now.date()).page(**asked)


def everywhere(programme: Programme) -> Any:
    from mentormothers.access.scope import Scope

    home, elsewhere = programme.home, programme.elsewhere
    return Scope((home.id, elsewhere.id), (home.organisation_id, elsewhere.organisation_id))


def moved(programme: Programme, client: str) -> None:
    """As if her latest supply were of the other site."""
    owner("UPDATE care.client SET site = %s, organisation = %s WHERE id = %s",
          programme.elsewhere.id, programme.elsewhere.organisation_id, client)  # fmt: skip


def two_families(programme: Programme) -> tuple[str, str, str]:
    """A woman a month late with a baby to be tested, and one a few days late; gives mother, baby, the other."""
    late, parcels = missed(programme, 60, **YES)
    baby, birth = born(programme, late, days_ago=60)
    other, more = missed(programme, 3, **YES)
    programme.push([*parcels, birth, *more])
    return late, baby, other


def test_a_mother_and_her_baby_are_one_household_by_its_most_urgent_thing(programme: Programme) -> None:
    late, baby, other = two_families(programme)
    page = at(programme, programme.home)
    assert [str(one.id) for one in page.households] == [late, other]
    first = page.households[0]
    assert {str(person.client) for person in first.people} == {late, baby}
    ranks = [person.items[0].rank for person in first.people]
    assert ranks == sorted(ranks, reverse=True), "whose need is most urgent stands first"
    assert all([i.rank for i in p.items] == sorted((i.rank for i in p.items), reverse=True) for p in first.people)
    assert (page.found, page.things) == (2, sum(len(one.items) for one in page.households))


def test_a_page_is_counted_in_households_and_cuts_none(programme: Programme) -> None:
    two_families(programme)
    whole = at(programme, programme.home)
    page = at(programme, programme.home, most=1)
    assert page.households == whole.households[:1] and len(page.households[0].items) > 2
    assert (page.found, page.things) == (whole.found, whole.things), "how many there are is said of all"


@pytest.mark.parametrize("order", ["first", "what", "state"])
def test_every_order_has_the_same_households(programme: Programme, order: str) -> None:
    from mentormothers.followup.worklist import labels

    two_families(programme)
    page = at(programme, programme.home, order=order)
    assert {one.id for one in page.households} == {one.id for one in at(programme, programme.home).households}
    by_label = list(labels())
    keys = {
        "first": [-max(i.rank for i in one.items) for one in page.households],
        "what": [min(by_label.index(i.item) for i in one.items) for one in page.households],
        "state": [-max(i.days_late for i in one.items) for one in page.households],
    }[order]
    assert keys == sorted(keys)


def test_what_is_not_wanted_stands_beside_what_is(programme: Programme) -> None:
    """One visit, two subjects: whoever looks for late refills is told what else to do in that house."""
    from mentormothers.followup.worklist import Wanted

    late, baby, _ = two_families(programme)
    page = at(programme, programme.home, wanted=Wanted(item="ACC.EID6W"))
    (house,) = page.households
    assert str(house.id) == late and str(house.people[0].client) == baby
    assert [item.item for item in house.items if item.wanted] == ["ACC.EID6W"]
    assert len(house.items) > 1 and (page.found, page.things) == (1, 1)


def test_an_order_is_by_what_is_wanted(programme: Programme) -> None:
    """The household whose wanted thing is less urgent comes later, whatever else waits in it."""
    from mentormothers.followup.worklist import Wanted

    late, _, _ = two_families(programme)
    little, parcels = missed(programme, 46, **YES)
    _, birth = born(programme, little, days_ago=70)
    programme.push([*parcels, birth])
    page = at(programme, programme.home, wanted=Wanted(item="ACC.EID6W"))
    assert [str(one.id) for one in page.households] == [little, late], "the older baby is later for its test"


def test_a_baby_at_another_site_stands_with_its_mother_where_both_are_seen(programme: Programme) -> None:
    from mentormothers.access.scope import scoped
    from mentormothers.followup.worklist import Worklist

    late, baby, other = two_families(programme)
    moved(programme, baby)
    assert [[str(p.client) for p in h.people] for h in at(programme, programme.home).households] == [[late], [other]]
    (theirs,) = at(programme, programme.elsewhere, who=programme.stranger).households
    assert (str(theirs.id), [str(p.client) for p in theirs.people]) == (late, [baby]), "its mother's pseudonym, no more"
    with scoped(everywhere(programme)):
        both = Worklist.at([programme.home.id, programme.elsewhere.id], programme.now.date()).page()
    assert {str(p.client): p.site for p in both.households[0].people} == {
        late: programme.home.id, baby: programme.elsewhere.id,
    }  # fmt: skip


def test_a_site_out_of_scope_gives_nothing(programme: Programme) -> None:
    two_families(programme)
    assert at(programme, programme.home, who=programme.stranger).households == ()
    assert at(programme, programme.home, programme.elsewhere, who=programme.stranger).found == 0
    assert at(programme).households == (), "no site, nobody"


def test_a_mentors_list_is_her_caseload_with_whom_she_is_asked_to_look_for(programme: Programme) -> None:
    from mentormothers.access.models import Role, User
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.followup.actions import ask_to_look_for, end_assignment
    from mentormothers.followup.worklist import Worklist

    late, baby, other = two_families(programme)
    second = User.objects.create_user("esnart", "x", first_name="Esnart", role=Role.MENTOR,
                                      organisation=programme.home.organisation_id)  # fmt: skip
    second.memberships.create(site=programme.home.id)

    def hers(mentor: Any, who: Any = programme.coordinator) -> set[str]:
        with scoped(scope_of(who)):
            return {str(i.client) for i in Worklist.of_mentor(mentor.id, programme.now.date()).items()}

    assert hers(programme.mentor) == {late, baby, other}
    assert hers(second) == set()
    with scoped(scope_of(programme.coordinator)):
        asked = ask_to_look_for(UUID(late), mentor=second, item="ACC.REFILL", by=programme.coordinator)
    assert hers(second) == {late, baby}, "the baby is found with its mother"
    assert hers(programme.mentor, programme.stranger) == set()
    with scoped(scope_of(programme.coordinator)):
        end_assignment(asked, because="came", by=programme.coordinator)
    assert hers(second) == set()


def test_sites_are_counted_one_by_one_and_add_up(programme: Programme) -> None:
    from mentormothers.access.scope import scoped
    from mentormothers.followup.worklist import Worklist, in_all

    _, baby, _ = two_families(programme)
    moved(programme, baby)
    with scoped(everywhere(programme)):
        worklist = Worklist.at([programme.home.id, programme.elsewhere.id], programme.now.date())
        waiting, things = worklist.waiting(), worklist.things()
    assert set(waiting) == {programme.home.id, programme.elsewhere.id}
    total = in_all(waiting)
    assert total["lost"] == Waiting(1, 1)
    assert sum(total[group].things for group in ("due", "overdue", "defaulted", "lost")) == sum(things.values())


def test_only_so_many_are_worked_out_at_once_where_somebody_waits(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.followup.worklist import Worklist

    two_families(programme)
    behind = []
    with scoped(scope_of(programme.coordinator)):
        for _ in range(3):
            behind.append(Worklist.at([programme.home.id], programme.now.date(), most=2).behind)
    assert behind == [1, 0, 0]


def test_the_points_of_every_line_are_all_told(programme: Programme) -> None:
    """What is kept as rank is the sum of what is said; and every weight said stands in the table."""
    from mentormothers.followup.priority import WEIGHTS

    office = make_office(programme)
    two_families(programme)
    items = [item for one in at(programme, programme.home).households for item in one.items]
    kept = {(row[0], row[1], row[2]): row[3] for row in owner("SELECT client, item, due, rank FROM care.open_item")}
    assert {(i.client, i.item, i.due): i.rank for i in items} == kept
    assert {reason.weight for item in items for reason in item.reasons} <= set(WEIGHTS)
    refill = next(i for i in items if i.client == office.mother and i.item == "ACC.REFILL")
    assert [(r.points, r.words) for r in refill.reasons] == [
        (60, "late by more than 28 days"), (30, "the protocol looks for people because of this"), (10, "45 days late"),
    ]  # fmt: skip


@pytest.fixture
def office(programme: Programme) -> Office:
    return make_office(programme)


def test_the_explanation_is_there_on_asking(office: Office) -> None:
    shown = text(office.browser().get(f"/sites/{office.programme.home.id}"))
    assert "Why it stands here: 100 points" in shown and "+60" in shown
    assert "Late by more than 28 days" in shown and "who is away longest is the hardest to find" in shown


def test_a_coordinator_looks_at_one_mentors_work(office: Office) -> None:
    mentor = office.programme.mentor
    shown = text(office.browser().get(f"/mentors/{mentor.id}"))
    assert "s list</h1>" in shown and "Grace B." in shown and "with Grace B." in shown
    assert "Whom she looks after, and whom she is asked to look for" in shown
    assert office.audited("identity.seen:mentor_list")
    found = text(office.browser().post(f"/mentors/{mentor.id}", {"group": "lost"}, headers=HTMX))
    assert "1 of " in found and "<html" not in found
    for nobody in (office.programme.strange_mentor.id, office.programme.coordinator.id):
        assert office.browser().get(f"/mentors/{nobody}").status_code == 404


def test_a_mentor_without_anybody_is_told_kindly(office: Office) -> None:
    strange = office.programme.strange_mentor
    assert "Nobody is in her care yet" in text(office.browser("stranger").get(f"/mentors/{strange.id}"))


def test_a_manager_sees_counts_and_codes_and_no_name(office: Office) -> None:
    from mentormothers.followup.paper import short_code

    browser = office.browser("manager")
    shown = text(browser.get("/follow-up"))
    assert not any(name in shown for name in NAMES)
    assert str(office.mother) not in shown, "no way to a page that is not hers"
    assert short_code(office.mother) in shown and f'baby of <span class="number">{short_code(office.mother)}' in shown
    assert "Ndirande" in shown and "Site by site" in shown
    assert "Find a client" not in shown and 'name="text"' not in shown
    (seen,) = office.audited("list.seen:follow_up")
    assert office.mother in seen.clients and seen.who == office.people["manager"].id
    assert not office.audited("identity.seen:follow_up")
    searched = text(browser.post("/follow-up", {"text": "grace"}, headers=HTMX | {"HX-Target": "list"}))
    assert "Nobody fits that" in searched, "whoever may see no name finds nobody by one"


def test_a_coordinator_of_several_sites_sees_names_there(office: Office) -> None:
    shown = text(office.browser().get("/follow-up"))
    assert "Grace B." in shown and office.audited("identity.seen:follow_up")


def test_a_district_is_asked_for_and_another_is_not_told_of(office: Office) -> None:
    from mentormothers.sites.models import District, Facility, Site

    home, elsewhere = office.programme.home, office.programme.elsewhere
    districts = [
        District.objects.create(country="MWI", code=name, name=name, boundary={}, source="test")
        for name in ("Here", "There")
    ]
    for site, district in zip((home, elsewhere), districts, strict=True):
        place = Facility.objects.create(country="MWI", name=site.name, district=district, source="test")
        Site.objects.filter(id=site.id).update(facility=place)
    browser = office.browser("manager")
    shown = text(browser.get(f"/follow-up?district={districts[0].id}"))
    assert "<h1>Follow-up in Here</h1>" in shown
    other = text(browser.get(f"/follow-up?district={districts[1].id}"))
    assert "<h1>Follow-up</h1>" in other and "There" not in other


def test_without_a_site_and_without_anything_open_it_is_told_kindly(office: Office) -> None:
    from mentormothers.access.models import Membership

    shown = text(office.browser("strange_manager").get("/follow-up"))
    assert "Nobody is waiting" in shown
    Membership.objects.filter(user=office.people["strange_manager"]).delete()
    assert "You have no site yet" in text(office.browser("strange_manager").get("/follow-up"))


def test_while_people_are_still_worked_out_the_page_says_so_and_comes_by_itself(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mentormothers.office.views import follow_up

    monkeypatch.setattr(follow_up, "AT_ONCE", 2)
    office.programme.push([woman(office.programme, days_ago=50)[1]])
    browser = office.browser("manager", loads=False)
    first = text(browser.get("/follow-up"))
    assert "The list is being worked out" in first and "1 person still to go" in first
    assert 'hx-get="/follow-up" hx-trigger="load delay:1s"' in first
    assert "Who needs us first" in text(browser.get("/follow-up"))


def test_the_next_one_of_a_list_is_the_next_household(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from mentormothers.office import listing

    monkeypatch.setattr(listing, "PAGE", 1)
    _, parcel = woman(office.programme, days_ago=50, identity={"name.given": "Esther", "name.family": "Moyo"})
    baby_seen = sampled(office.programme, str(office.baby), office.programme.now)
    office.programme.push([parcel, baby_seen])
    path = f"/sites/{office.programme.home.id}"
    one = text(office.browser().post(path, {"show": "1"}, headers=HTMX))
    assert "in 2 households, the first 1 shown" in one and one.count('<tbody class="household">') == 1
    assert re_more(one) == "2"
    two = text(office.browser().post(path, {"show": "2"}, headers=HTMX))
    assert two.count('<tbody class="household">') == 2 and re_more(two) == ""


def re_more(page: str) -> str:
    """How many the button shows next; empty without one."""
    return page.partition('name="show" value="')[2].partition('"')[0]


def test_a_household_is_compared_whole(programme: Programme) -> None:
    """So that a difference in anything it says makes the generative test fail."""
    two_families(programme)
    (house, *_) = at(programme, programme.home).households
    assert replace(house, people=house.people[:1]) != house
