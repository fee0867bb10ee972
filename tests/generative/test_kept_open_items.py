"""Whatever is recorded, corrected and moved, and however days pass between looks: what is kept is what follows anew.

Looks fall anywhere in between, at either site, at both as at a district, at a mentor's list, of any day, by somebody or
by the worker. A list by household is the same as one put together from single things to do in plain Python.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mentormothers.config.embedded import Cluster
from tests.databases import own_database
from tests.generative.test_push_is_a_union import CORRECTIONS, Notebook
from tests.integration.test_following import supply
from tests.programme import Programme, enrolled

LISTS = ("home", "elsewhere", "district", "mentor")
_WRITTEN = ["visit", "supply", "session", "birth", *CORRECTIONS]
_deeds = st.lists(
    st.tuples(
        st.sampled_from([*_WRITTEN, "birth", "moves", "moves back", "look", "look", "look", "worker"]),
        st.integers(0, 1),  # which phone writes, or at which site somebody looks
        st.integers(-40, 0),  # days before today
        st.integers(0, 30),  # which earlier record a correction speaks of; how many days ahead of today the look is
    ),
    min_size=3,
    max_size=16,
)


@settings(max_examples=14)
@given(_deeds)
def test_what_is_kept_is_what_follows(template: Cluster, template_programme: Programme, deeds: list[Any]) -> None:
    programme = replace(
        template_programme,
        phone=replace(template_programme.phone, client_keys={}),
        strange_phone=replace(template_programme.strange_phone, client_keys={}),
    )
    with own_database(template):
        second = enrolled(programme.coordinator, programme.home, [programme.mentor])
        notebook = Notebook(programme, [programme.phone, second])
        programme.push(notebook.parcels)
        for deed in deeds:
            _do(notebook, *deed)
        for today in (programme.now.date(), programme.now.date() + timedelta(days=1)):
            kept = [_page(programme, which, today) for which in LISTS]
            assert _differing() == []
            _forget()
            assert [_page(programme, which, today) for which in LISTS] == kept
            for page in kept:
                assert page.households == _by_household(page)
                assert page.found == len(page.households) and page.things == sum(len(h.items) for h in page.households)


def _do(notebook: Notebook, what: str, which: int, days: int, number: int) -> None:
    from mentormothers.followup.keeping import bring_everybody_up_to_date

    programme = notebook.programme
    today = programme.now.date() + timedelta(days=number % 7)
    if what == "look":
        _page(programme, LISTS[(which + number) % len(LISTS)], today)
    elif what == "worker":
        bring_everybody_up_to_date(today, seconds=30)
    elif what.startswith("moves"):
        phone = programme.phone if what == "moves back" else programme.strange_phone
        programme.push([supply(programme, phone, notebook.client, -days)], phone)
    else:
        notebook.write(what, which, days, number, 0)
        programme.push(notebook.parcels[-1:], notebook.phones[which])


def _page(programme: Programme, which: str, today: date) -> Any:
    """A list as somebody sees it who may see all of it; the district's has both sites, and two organisations."""
    from mentormothers.access.scope import Scope, scope_of, scoped
    from mentormothers.followup.worklist import Worklist

    home, elsewhere = programme.home, programme.elsewhere
    both = Scope((home.id, elsewhere.id), (home.organisation_id, elsewhere.organisation_id))
    scope, made = {
        "home": (scope_of(programme.coordinator), lambda: Worklist.at([home.id], today)),
        "elsewhere": (scope_of(programme.stranger), lambda: Worklist.at([elsewhere.id], today)),
        "district": (both, lambda: Worklist.at([home.id, elsewhere.id], today)),
        "mentor": (both, lambda: Worklist.of_mentor(programme.mentor.id, today)),
    }[which]
    with scoped(scope):
        return made().page()


def _by_household(page: Any) -> tuple[Any, ...]:
    """The same things to do, grouped and put in order anew."""
    from mentormothers.followup.worklist import Household, Person

    def urgent(item: Any) -> Any:
        return (-item.rank, item.due, str(item.client), item.item)

    houses: dict[Any, dict[Any, list[Any]]] = {}
    for item in sorted((item for one in page.households for item in one.items), key=urgent):
        houses.setdefault(item.mother or item.client, {}).setdefault(item.client, []).append(item)
    found = [
        Household(id, tuple(Person(c, some[0].mother, some[0].site, tuple(some)) for c, some in people.items()))
        for id, people in houses.items()
    ]
    return tuple(sorted(found, key=lambda h: (-h.items[0].rank, min(item.due for item in h.items), str(h.id))))


def _differing() -> list[Any]:
    from mentormothers.followup.rebuilding import rebuild

    return rebuild(mend=False)


def _forget() -> None:
    """Everything kept is gone, and everybody is to be worked out."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM care.open_item")
        cursor.execute("UPDATE care.worked_out SET day = '-infinity'")
