"""The demo country: Malawi with forty sites at real facilities, two organisations, three delivery models.

The women, their babies and what is written of them come from the simulation; everybody is invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from mentormothers.config.simulating import read_content, read_world
from mentormothers.facts.days import add_months
from mentormothers.simulation.programme import Plan, Programme
from mentormothers.simulation.sites import Site

CLIENTS, SITES, MONTHS, SEED = 3000, 40, 24, 2026
OURS, PARTNER = "Mentor Mothers Malawi (synthetic)", "Lakeshore Partner (synthetic)"
_CASELOAD = 70  # women a mentor; smaller than the simulation's, so that sites have teams
ORGANISATION_OF = {"direct": OURS, "technical_assistance": OURS, "partner": PARTNER}


@dataclass(frozen=True)
class Country:
    """The simulated programme, its sites in the order the demo opens them: the first is the one to look at."""

    programme: Programme
    sites: tuple[Site, ...]


def demo_country(today: date, clients: int = CLIENTS) -> Country:
    """The country as it stands today: two years of it, the same for everybody on that day."""
    start = add_months(today + timedelta(days=1), -MONTHS)
    world = read_world(_with_teams(read_content()))
    programme = Programme(world, Plan(clients, SEED, start, MONTHS, SITES))
    return Country(programme, tuple(sorted(programme.sites, key=_first_to_look_at)))


def _with_teams(content: dict[str, Any]) -> dict[str, Any]:
    writing: Mapping[str, Any] = content["parts"]["writing"]
    changed = {**writing, "caseload": {**writing["caseload"], "value": _CASELOAD}}
    return {**content, "parts": {**content["parts"], "writing": changed}}


def _first_to_look_at(site: Site) -> tuple[bool, int, int]:
    """The site of ours with the largest team comes first; then the order of the simulation."""
    return site.model != "direct", -len(site.mentors), site.number
