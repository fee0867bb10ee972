"""The programme's page: what needs me today, the cascades, the trend, the map, published figures, sites compared.

The ministry sees the same of the whole country, from the published numbers: down to the totals of a site, never to a
woman.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe

from mentormothers.access.models import Role, User
from mentormothers.care.quarantine import waiting as to_mend
from mentormothers.indicators.periods import Period
from mentormothers.office.comparing import (
    Compared,
    comparable,
    compared_sites,
    district_map,
    districts,
    finding,
    legend,
    site_funnel,
)
from mentormothers.office.counted import counted_page
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.source import Source, source_of
from mentormothers.office.views.results import known_measures
from mentormothers.office.words.benchmarks import BENCHMARKS, Benchmark
from mentormothers.office.words.cascades import cascade_finding, nobody, reached, title_of
from mentormothers.office.words.drawings import drawing
from mentormothers.office.words.findings import short_title
from mentormothers.office.words.periods import is_running, say_period, two_lines
from mentormothers.office.words.shares import listed, say_given, say_percent, share
from mentormothers.reports.figures import CASCADES, Figures
from mentormothers.reports.numbers import completeness, measures
from mentormothers.reports.outside import UNTOLD
from mentormothers.reports.small_cells import Given, Hidden
from mentormothers.reports.tables import TOGETHER
from mentormothers.sites.models import Site

SEEN_BY = (Role.MANAGER, Role.MINISTRY)
_SILENT = timedelta(days=7)


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


@screen(*SEEN_BY)
def overview(request: OfficeRequest) -> HttpResponse:
    """The page of the programme, or of the country."""
    today = timezone.localdate()
    source = source_of(request.user, today)
    if source is None or not source.sites:
        return render(request, "office/overview_empty.html", {"ministry": request.user.role == Role.MINISTRY})
    chosen = _chosen(request.GET.get("of", ""))
    return counted_page(request, "office/overview.html", source.questions, lambda: _words(request.user, source, chosen))


def _words(user: User, source: Source, chosen: str) -> dict[str, Any]:
    figures = {name: source.figures(name) for name in measures()}
    compared = compared_sites(source, figures[chosen])
    return {
        **_head(user, source, figures, compared),
        "cascades": [_cascade(figures[name], source.year) for name in CASCADES],
        "trend": [_trend(figures[name], source.quarters) for name in known_measures()],
        "chosen": _about(figures[chosen], source, compared),
        "choices": [(name, short_title(measures()[name])) for name in comparable()],
        "benchmarks": [_benchmark(one, figures, source.year) for one in BENCHMARKS],
    }


def _chosen(wish: str) -> str:
    return wish if wish in comparable() else comparable()[0]


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
        "when": say_period(columns[-1]),
        "drawing": mark_safe(svg),  # noqa: S308  # drawn by us
        "columns": [(say_period(p), say_given(one), say_percent(one)) for p, one in given],
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
        "map": district_map(figures, source),
        "legend": legend(definition.id),
        "districts": districts(figures, source),
        "funnel": site_funnel(figures, source, compared),
        "finding": finding(figures, source, compared),
        "unit": drawing(figures.measure).unit,
        "receipt": figures.measure.name,
        "snapshot": figures.snapshot,
    }


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
