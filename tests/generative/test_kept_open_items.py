"""Whatever is recorded, corrected and moved, and however days pass between looks: what is kept is what follows anew.

Looks fall anywhere in between, at either site, of any day, by somebody or by the worker.
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
            kept = _lists(programme, today)
            assert _differing() == []
            _forget()
            assert _lists(programme, today) == kept


def _do(notebook: Notebook, what: str, which: int, days: int, number: int) -> None:
    from mentormothers.followup.keeping import bring_everybody_up_to_date

    programme = notebook.programme
    today = programme.now.date() + timedelta(days=number % 7)
    if what == "look":
        _list(programme, which, today)
    elif what == "worker":
        bring_everybody_up_to_date(today, seconds=30)
    elif what.startswith("moves"):
        phone = programme.phone if what == "moves back" else programme.strange_phone
        programme.push([supply(programme, phone, notebook.client, -days)], phone)
    else:
        notebook.write(what, which, days, number, 0)
        programme.push(notebook.parcels[-1:], notebook.phones[which])


def _lists(programme: Programme, today: date) -> list[list[Any]]:
    return [_list(programme, which, today) for which in (0, 1)]


def _list(programme: Programme, which: int, today: date) -> list[Any]:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.followup.worklist import Worklist

    who, site = ((programme.coordinator, programme.home), (programme.stranger, programme.elsewhere))[which]
    with scoped(scope_of(who)):
        return Worklist.at([site.id], today).items()


def _differing() -> list[Any]:
    from mentormothers.followup.rebuilding import rebuild

    return rebuild(mend=False)


def _forget() -> None:
    """Everything kept is gone, and everybody is to be worked out."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM care.open_item")
        cursor.execute("UPDATE care.worked_out SET day = '-infinity'")
