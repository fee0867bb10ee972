"""Who says that she goes, or plans to go, to another clinic, which nobody there has confirmed yet.

Saying so ends nothing that is due (domain rules, section 7): it is shown, so that somebody asks the other clinic.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.db.models import Q

from mentormothers.care.live import facts_of
from mentormothers.care.models import Client, Fact

_SAYS = ("transfer.planned", "transfer.reported", "trace.outcome")
_GOES = ("moved", "self_transferred")  # outcomes of looking for her that say so too
_CONFIRMS = ("transfer.in", "transfer.out")
_STAYS = "art.dispense"  # whoever gets her supply here after she was said to have gone is here


@dataclass(frozen=True)
class Moving:
    """What is said: that she plans to go, or goes; where (a code of the form `transfer`, or empty); on which day."""

    how: Literal["planned", "reported"]
    where: str
    day: date


def moving_of(clients: Collection[UUID]) -> Mapping[UUID, Moving]:
    """Of these clients in scope those who are said to go, as it was said last."""
    told = defaultdict(list)
    for fact in facts_of(list(clients), [*_SAYS, *_CONFIRMS, _STAYS]) if clients else ():
        told[fact["client"]].append(fact)
    found = {client: _moving(facts) for client, facts in told.items()}
    return {client: moving for client, moving in found.items() if moving}


def moving_at(sites: Sequence[int]) -> Mapping[UUID, Moving]:
    """Of the clients of sites those who are said to go."""
    here = Client.objects.filter(site__in=sites).values("id")
    said = Fact.objects.filter(client__in=here, kind__in=_SAYS).exclude(~Q(value__in=_GOES), kind="trace.outcome")
    return moving_of(set(said.values_list("client", flat=True)))


def _moving(facts: Iterable[Mapping[str, Any]]) -> Moving | None:
    """What is said last, of facts the latest first; nothing once it was confirmed, or she is here all the same."""
    supplied = False
    for fact in facts:
        kind, value = fact["kind"], fact["value"]
        if kind in _CONFIRMS:
            return None
        if kind == "transfer.planned":
            return Moving("planned", value, fact["day"])
        if kind == "transfer.reported" or (kind == "trace.outcome" and value in _GOES):
            return None if supplied else Moving("reported", value if kind == "transfer.reported" else "", fact["day"])
        supplied = supplied or kind == _STAYS
    return None
