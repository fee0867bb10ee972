"""The programme's page: what needs me today, the cascades, the trend, the map, published figures, sites compared.

The ministry sees the same of the whole country, from the published numbers: down to the totals of a site, never to a
woman.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from mentormothers.access.audit import note
from mentormothers.access.models import Role, User
from mentormothers.care.quarantine import waiting as to_mend
from mentormothers.indicators.periods import Period
from mentormothers.office.csv_file import csv_file
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.source import Source, source_of
from mentormothers.office.views.results import known_measures
from mentormothers.office.words.benchmarks import BENCHMARKS, Benchmark
from mentormothers.office.words.cascades import cascade_finding, nobody, reached, title_of
from mentormothers.office.words.drawings import drawing
from mentormothers.office.words.findings import short_title
from mentormothers.office.words.periods import fiscal_name, is_running, say_quarter, two_lines
from mentormothers.office.words.shares import listed, say_given, say_percent, share
from mentormothers.reports.counting import are_kept
from mentormothers.reports.figures import CASCADES, Figures, questions
from mentormothers.reports.funnel import INNER, OUTER, limits
from mentormothers.reports.map import STEPS, Area, draw, step_of
from mentormothers.reports.numbers import completeness, measures
from mentormothers.reports.outside import UNTOLD, district_place
from mentormothers.reports.small_cells import SMALLEST, Given, Hidden
from mentormothers.reports.tables import NOWHERE, TOGETHER, TOTAL
from mentormothers.sites.models import District, Site

SEEN_BY = (Role.MANAGER, Role.MINISTRY)
# Shares that may be drawn on the map and compared between sites: the numerator is part of the denominator.
COMPARED = ("RET12", "PMTCT_ART", "TX_PVLS", "M2M_MTCT_FINAL")
_HIGH_IS_BAD = ("M2M_MTCT_FINAL",)
_EDGES = {"M2M_MTCT_FINAL": (0.01, 0.02, 0.05)}
_USUAL_EDGES = (0.5, 0.75, 0.9)
_SILENT = timedelta(days=7)
_WITHIN, _INNER, _OUTER = "as expected", "at the edge of chance", "beyond chance"


@dataclass(frozen=True)
class Need:
    """Something that needs her today, as a sentence, with where it leads."""

    words: str
    address: str = ""


@dataclass(frozen=True)
class Step:
    """One step of a cascade: how many reached it, and of a hundred who set out."""

    words: str
    number: int | Hidden
    percent: str
    width: int


@dataclass(frozen=True)
class Compared:
    """A site beside all others."""

    site: Site
    district: str
    given: Given
    percent: str
    judged: str
    heard: Any
    worse: bool = False

    @property
    def said(self) -> str:
        return say_given(self.given)


@screen(*SEEN_BY)
def overview(request: OfficeRequest) -> HttpResponse:
    """The page of the programme, or of the country."""
    today = timezone.localdate()
    source = source_of(request.user, today)
    if source is None or not source.sites:
        return render(request, "office/overview_empty.html", {"ministry": request.user.role == Role.MINISTRY})
    if source.published is None and not request.htmx and not are_kept(questions(today)):
        return render(request, "office/overview_waiting.html", {"address": request.get_full_path()})
    chosen = _chosen(request.GET.get("of", ""))
    figures = {name: source.figures(name) for name in measures()}
    compared = _compared(source, figures[chosen])
    words = {
        **_head(request.user, source, figures, compared),
        "cascades": [_cascade(figures[name], source.year) for name in CASCADES],
        "trend": [_trend(figures[name], source.quarters) for name in known_measures()],
        "chosen": _about(figures[chosen], source, compared),
        "choices": [(name, short_title(measures()[name])) for name in _comparable()],
        "benchmarks": [_benchmark(one, figures, source.year) for one in BENCHMARKS],
    }
    return render(request, "office/overview.html", words)


@screen(*SEEN_BY)
def place(request: OfficeRequest, place: str) -> HttpResponse:
    """One district with its sites, or one site: every indicator by quarter."""
    source = source_of(request.user, timezone.localdate())
    if source is None:
        raise Http404
    name, sites = _place_or_404(source, place)
    measured = [source.figures(one) for one in known_measures()]
    is_site = place.isdigit()
    words = {
        "name": name,
        "place": place,
        "sites": [] if is_site else sites,
        "site": sites[0] if is_site else None,
        "quarters": [(say_quarter(period), fiscal_name(period)) for period in source.quarters],
        "rows": [_row(figures, source, place, linked=is_site and source.published is None) for figures in measured],
        "published": source.published,
        "heard": source.heard.get(sites[0].id) if is_site else None,
        "snapshot": measured[0].snapshot,
    }
    return render(request, "office/place.html", words)


@screen(Role.MINISTRY, methods=("POST",))
def country_file(request: OfficeRequest, indicator: str) -> HttpResponse:
    """The published numbers of one indicator as a file."""
    source = source_of(request.user, timezone.localdate())
    if source is None or indicator not in known_measures():
        raise Http404
    note("numbers.exported", who=request.user, detail=indicator)
    return csv_file(f"{indicator}-country", _FILE_HEAD, _file_lines(source.figures(indicator), _names(source)))


_FILE_HEAD = ("indicator", "period", "first_day", "last_day", "place", "place_name", "disaggregation", "numerator",
              "denominator", "value", "definition", "snapshot")  # fmt: skip


def _file_lines(figures: Figures, names: Mapping[str, str]) -> list[list[object]]:
    periods = {period.name: period for period in figures.periods}
    left = figures.measure.definition.left_out
    return [
        [figures.measure.definition.id, key.period, periods[key.period].start, periods[key.period].end, key.place,
         names.get(key.place, ""), left if key.part == UNTOLD else key.part, given.number, given.of,
         "" if (found := share(given)) is None else f"{found:.4f}", figures.measure.name, figures.snapshot]
        for key, given in figures.shown.items()
        if key.period in periods
    ]  # fmt: skip


def _names(source: Source) -> dict[str, str]:
    names = {TOGETHER: "All sites together", NOWHERE: "Not yet at a site"}
    for site in source.sites:
        names[str(site.id)] = site.name
        if site.facility and site.facility.district:
            names[district_place(site.facility.district.id)] = site.facility.district.name
    return names


def _comparable() -> list[str]:
    return [name for name in COMPARED if name in measures()]


def _chosen(wish: str) -> str:
    return wish if wish in _comparable() else _comparable()[0]


def _head(user: User, source: Source, figures: Mapping[str, Figures], compared: Sequence[Compared]) -> dict[str, Any]:
    needs = [*_silent(source), *_unlike(compared, figures), *_mending(source)]
    ministry = user.role == Role.MINISTRY
    return {
        "needs": needs,
        "ministry": ministry,
        "sites": source.sites,
        "districts": len({s.facility.district_id for s in source.sites if s.facility and s.facility.district_id}),
        "organisations": len({site.organisation_id for site in source.sites}),
        "published": source.published,
        "complete": None if ministry else completeness([site.id for site in source.sites]),
        "heard": len(source.sites) - len(_silent_sites(source)),
        "year": source.year,
    }


def _silent_sites(source: Source) -> list[Site]:
    since = timezone.now() - _SILENT
    return [site for site in source.sites if (at := source.heard.get(site.id)) is None or at < since]


def _silent(source: Source) -> list[Need]:
    silent = _silent_sites(source)
    if not silent:
        return []
    sites = "1 site has" if len(silent) == 1 else f"{len(silent)} of {len(source.sites)} sites have"
    address = reverse("place", args=[str(silent[0].id)]) if len(silent) == 1 else "#sites"
    return [Need(f"{sites} sent nothing for a week: {listed([site.name for site in silent])}", address)]


def _unlike(compared: Sequence[Compared], figures: Mapping[str, Figures]) -> list[Need]:
    worse = [one.site.name for one in compared if one.worse]
    if not worse:
        return []
    differ = (
        "differs from the others for the worse by more than chance"
        if len(worse) == 1
        else ("differ from the others for the worse by more than chance")
    )
    return [Need(f"{listed(worse)} {differ}", "#sites")]


def _mending(source: Source) -> list[Need]:
    """Records that wait at a manager's sites. The ministry's scope has none of anybody's."""
    if source.published is not None:
        return []
    number = to_mend().count()
    wait = "1 record waits" if number == 1 else f"{number} records wait"
    return [Need(f"{wait} to be mended by the coordinators")] if number else []


def _cascade(figures: Figures, period: Period) -> dict[str, Any]:
    steps = figures.reached(period)
    whole = steps[0][1]
    return {
        "title": title_of(figures),
        "finding": cascade_finding(figures, period),
        "steps": [_step(reached(part), number, whole) for part, number in steps],
        "empty": nobody(figures) if whole == 0 else "",
        "definition": figures.measure.definition,
        "receipt": figures.measure.name,
        "snapshot": figures.snapshot,
    }


def _step(words: str, number: int | Hidden, whole: int | Hidden) -> Step:
    found = share(Given(number, whole))
    return Step(words, number, say_percent(Given(number, whole)), round((found or 0) * 100))


def _trend(figures: Figures, columns: Sequence[Period]) -> dict[str, Any]:
    # Imported when first drawn: Altair takes more than a second, which every command would wait for.
    from mentormothers.reports.charts import PLUM, Column, Look, Panel, small_multiples

    drawn = drawing(figures.measure)
    look = Look(drawn.unit, PLUM) if drawn.loss else Look(drawn.unit)
    given = [(period, figures.at(period)) for period in columns]
    panel = Panel(
        "",
        [
            Column(two_lines(p), *_dark_and_light(one, of_parts=drawn.of_parts), is_running(p), _word(one))
            for p, one in given
        ],
    )
    last = given[-1][1]
    percent = say_percent(last) if not drawn.of_parts else ""
    (svg,) = small_multiples([panel], look)
    return {
        "id": figures.measure.definition.id,
        "title": short_title(figures.measure),
        "now": say_given(last) if not drawn.of_parts else str(last.number),
        "percent": percent,
        "when": say_quarter(columns[-1]),
        "drawing": mark_safe(svg),  # noqa: S308  # drawn by us
        "columns": [(say_quarter(p), say_given(one), say_percent(one)) for p, one in given],
        "key": (drawn.dark, drawn.light) if not drawn.of_parts else ("", ""),
        "receipt": figures.measure.name,
    }


def _dark_and_light(given: Given, *, of_parts: bool) -> tuple[int, int]:
    if isinstance(given.number, Hidden):
        return 0, 0
    if of_parts or given.of is None or isinstance(given.of, Hidden):
        return given.number, 0
    return given.number, max(0, given.of - given.number)


def _word(given: Given) -> str:
    return str(given.number) if isinstance(given.number, Hidden) else ""


def _about(figures: Figures, source: Source, compared: Sequence[Compared]) -> dict[str, Any]:
    definition = figures.measure.definition
    whole = figures.at(source.year)
    choices = dict(zip((o.name for o in definition.options), figures.measure.choices, strict=True))
    return {
        "id": definition.id,
        "title": short_title(figures.measure),
        "definition": definition,
        "options": [(option, choices[option.name]) for option in definition.options],
        "said": say_given(whole),
        "percent": say_percent(whole),
        "compared": compared,
        "map": _map(figures, source),
        "legend": _legend(definition.id),
        "districts": _districts(figures, source),
        "funnel": _funnel(figures, source, compared),
        "finding": _finding(figures, source, compared),
        "unit": drawing(figures.measure).unit,
        "receipt": figures.measure.name,
        "snapshot": figures.snapshot,
    }


def _finding(figures: Figures, source: Source, compared: Sequence[Compared]) -> str:
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


def _compared(source: Source, figures: Figures) -> list[Compared]:
    target = share(figures.at(source.year))
    return [_compared_site(site, source, figures, target) for site in source.sites]


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


def _funnel(figures: Figures, source: Source, compared: Sequence[Compared]) -> SafeString | None:
    from mentormothers.reports.charts import Dot, funnel

    target = share(figures.at(source.year))
    dots = [
        Dot(one.site.name, one.given.of, found, one.judged == _OUTER)
        for one in compared
        if (found := share(one.given)) is not None and isinstance(one.given.of, int)
    ]
    if target is None or len(dots) < 2:
        return None
    return mark_safe(funnel(dots, target, drawing(figures.measure).unit))  # noqa: S308  # drawn by us


def _map(figures: Figures, source: Source) -> SafeString | None:
    here = {s.facility.district.id for s in source.sites if s.facility and s.facility.district}
    countries = District.objects.filter(id__in=here).values("country")
    areas = [
        _area(district, figures.at(source.year, district_place(district.id)), figures, district.id in here)
        for district in District.objects.filter(country__in=countries).order_by("name")
    ]
    title = f"{short_title(figures.measure)} by district. The numbers stand in the table."
    drawn = draw(areas, title)
    return mark_safe(drawn) if drawn else None  # noqa: S308  # drawn by us, names escaped


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


def _legend(indicator: str) -> list[tuple[str, str]]:
    """The colours of the map, each with its words."""
    low, middle, high = (f"{edge * 100:.0f} %" for edge in _EDGES.get(indicator, _USUAL_EDGES))
    words = (f"under {low}", f"{low} to under {middle}", f"{middle} to under {high}", f"{high} and more")
    return list(zip(STEPS, words, strict=True))


def _districts(figures: Figures, source: Source) -> list[dict[str, Any]]:
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


def _benchmark(one: Benchmark, figures: Mapping[str, Figures], year: Period) -> dict[str, Any]:
    known = figures.get(one.indicator)
    given = known.at(year) if known else None
    left = known.at(year, TOGETHER, UNTOLD) if known and known.measure.definition.left_out else None
    return {
        "said": one,
        "here": say_given(given) if given else "",
        "percent": say_percent(given) if given else "",
        "left": f"{left.number} left out: {known.measure.definition.left_out}"
        if left and known and left.number
        else "",
        "receipt": known.measure.name if known else "",
    }


def _place_or_404(source: Source, place: str) -> tuple[str, list[Site]]:
    for site in source.sites:
        if place == str(site.id):
            return site.name, [site]
    of = [
        s
        for s in source.sites
        if s.facility and s.facility.district and district_place(s.facility.district.id) == place
    ]
    if not of or not of[0].facility or not of[0].facility.district:
        raise Http404
    return of[0].facility.district.name, of


def _row(figures: Figures, source: Source, place: str, *, linked: bool) -> dict[str, Any]:
    measure = figures.measure
    return {
        "id": measure.definition.id,
        "title": short_title(measure),
        "receipt": measure.name,
        "cells": [_cell(figures, period, place, linked=linked) for period in source.quarters],
        "year": _cell(figures, source.year, place, linked=False),
    }


def _cell(figures: Figures, period: Period, place: str, *, linked: bool) -> dict[str, Any]:
    given = figures.at(period, place, TOTAL)
    counted = isinstance(given.number, int) and given.number > 0
    address = reverse("behind", args=[figures.measure.definition.id, period.name, place]) if linked and counted else ""
    return {"given": given, "said": say_given(given), "percent": say_percent(given), "address": address}
