"""Districts and sites compared by one share: the map, the funnel and their tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from mentormothers.office.source import Source
from mentormothers.office.words.drawings import drawing
from mentormothers.office.words.findings import short_title
from mentormothers.office.words.shares import listed, say_given, say_percent, share
from mentormothers.reports.figures import Figures
from mentormothers.reports.funnel import INNER, OUTER, limits
from mentormothers.reports.map import STEPS, Area, draw, step_of
from mentormothers.reports.numbers import measures
from mentormothers.reports.outside import district_place
from mentormothers.reports.small_cells import SMALLEST, Given
from mentormothers.sites.models import District, Site

# Shares that may be drawn on the map and compared between sites: the numerator is part of the denominator.
COMPARED = ("RET12", "PMTCT_ART", "TX_PVLS", "M2M_MTCT_FINAL")
_HIGH_IS_BAD = ("M2M_MTCT_FINAL",)
_EDGES = {"M2M_MTCT_FINAL": (0.01, 0.02, 0.05)}
_USUAL_EDGES = (0.5, 0.75, 0.9)
_WITHIN, _INNER, _OUTER = "as expected", "at the edge of chance", "beyond chance"


@dataclass(frozen=True)
class Compared:
    """A site beside all others."""

    site: Site
    district: str
    given: Given
    percent: str
    judged: str
    heard: datetime | None
    worse: bool = False

    @property
    def said(self) -> str:
        return say_given(self.given)


def comparable() -> list[str]:
    """The indicators there are that can be compared."""
    return [name for name in COMPARED if name in measures()]


def compared_sites(source: Source, figures: Figures) -> list[Compared]:
    """Every site beside all others, in the order of the source."""
    target = share(figures.at(source.year))
    return [_compared_site(site, source, figures, target) for site in source.sites]


def finding(figures: Figures, source: Source, compared: Sequence[Compared]) -> str:
    """What the comparison says, in a sentence."""
    shown = [one for one in compared if share(one.given) is not None]
    beyond = [one for one in shown if one.judged == _OUTER]
    if not shown:
        return "There is no site with enough people to compare"
    if not beyond:
        return (
            f"All {len(shown)} sites that can be compared lie within what chance explains"
            if len(shown) > 1
            else ("One site can be shown, and none to compare it with")
        )
    lie = "lies" if len(beyond) == 1 else "lie"
    return f"{listed([one.site.name for one in beyond])} {lie} beyond what chance explains"


def district_map(figures: Figures, source: Source) -> SafeString | None:
    """The map of the countries in which the sites lie; None without boundaries."""
    here = {s.facility.district.id for s in source.sites if s.facility and s.facility.district}
    countries = District.objects.filter(id__in=here).values("country")
    areas = [
        _area(district, figures.at(source.year, district_place(district.id)), figures, district.id in here)
        for district in District.objects.filter(country__in=countries).order_by("name")
    ]
    title = f"{short_title(figures.measure)} by district. The numbers stand in the table."
    drawn = draw(areas, title)
    return mark_safe(drawn) if drawn else None  # noqa: S308  # drawn by us, names escaped


def legend(indicator: str) -> list[tuple[str, str]]:
    """The colours of the map, each with its words."""
    low, middle, high = (f"{edge * 100:.0f} %" for edge in _EDGES.get(indicator, _USUAL_EDGES))
    words = (f"under {low}", f"{low} to under {middle}", f"{middle} to under {high}", f"{high} and more")
    return list(zip(STEPS, words, strict=True))


def districts(figures: Figures, source: Source) -> list[dict[str, Any]]:
    """The table under the map."""
    found: dict[int, dict[str, Any]] = {}
    for site in source.sites:
        if site.facility is None or site.facility.district is None:
            continue
        district = site.facility.district
        given = figures.at(source.year, district_place(district.id))
        row = found.setdefault(
            district.id,
            {"place": district_place(district.id), "name": district.name, "sites": 0, "said": say_given(given),
             "percent": say_percent(given)},
        )  # fmt: skip
        row["sites"] += 1
    return sorted(found.values(), key=lambda row: row["name"])


def site_funnel(figures: Figures, source: Source, compared: Sequence[Compared]) -> SafeString | None:
    """The funnel; None where there is nothing to compare."""
    from mentormothers.reports.charts import Dot, funnel

    target = share(figures.at(source.year))
    dots = [
        Dot(one.site.name, one.given.of, found, one.judged == _OUTER)
        for one in compared
        if (found := share(one.given)) is not None and isinstance(one.given.of, int)
    ]
    if target is None or not 0 < target < 1 or len(dots) < 2:
        return None
    return mark_safe(funnel(dots, target, drawing(figures.measure).unit))  # noqa: S308  # drawn by us


def _compared_site(site: Site, source: Source, figures: Figures, target: float | None) -> Compared:
    given = figures.at(source.year, str(site.id))
    found = share(given)
    district = site.facility.district.name if site.facility and site.facility.district else "not known"
    judged, worse = "", False
    if found is not None and target is not None and isinstance(given.of, int):
        judged = _judged(found, target, given.of)
        above = found > target
        worse = judged == _OUTER and above == (figures.measure.definition.id in _HIGH_IS_BAD)
    return Compared(site, district, given, say_percent(given), judged, source.heard.get(site.id), worse)


def _judged(found: float, target: float, of: int) -> str:
    for tails, words in ((OUTER, _OUTER), (INNER, _INNER)):
        edge = limits(target, of, tails)
        if not edge.low <= found <= edge.high:
            return words
    return _WITHIN


def _area(district: District, given: Given, figures: Figures, here: bool) -> Area:
    if not here:
        return Area(district.name, district.boundary, f"{district.name}: no site")
    found, address = share(given), reverse("place", args=[district_place(district.id)])
    few = found is None or (isinstance(given.of, int) and 0 < given.of < SMALLEST)
    if few or found is None:
        nothing = given.of == 0
        says = f"{district.name}: {'nobody to count yet' if nothing else 'too few to be shown'}"
        return Area(district.name, district.boundary, says, address=address, hidden=True)
    edges = _EDGES.get(figures.measure.definition.id, _USUAL_EDGES)
    percent = f"{found * 100:.0f}"
    return Area(
        district.name, district.boundary, f"{district.name}: {say_given(given)} ({percent} %)",
        step_of(found, edges), percent, address,
    )  # fmt: skip
