"""One district or one site in numbers, and the country's numbers as a file: for the manager and the ministry."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone

from mentormothers.access.audit import note
from mentormothers.access.models import Role
from mentormothers.indicators.periods import Period
from mentormothers.office.counted import counted_page
from mentormothers.office.csv_file import csv_file
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.source import Source, source_of
from mentormothers.office.views.overview import SEEN_BY
from mentormothers.office.views.results import known_measures
from mentormothers.office.words.findings import short_title
from mentormothers.office.words.periods import fiscal_name, say_period
from mentormothers.office.words.shares import say_given, say_percent, share
from mentormothers.reports.figures import Figures
from mentormothers.reports.outside import UNTOLD, district_place
from mentormothers.reports.tables import NOWHERE, TOGETHER, TOTAL
from mentormothers.sites.models import Site

_FILE_HEAD = ("indicator", "period", "first_day", "last_day", "place", "place_name", "disaggregation", "numerator",
              "denominator", "value", "definition", "snapshot")  # fmt: skip


@screen(*SEEN_BY)
def place(request: OfficeRequest, place: str) -> HttpResponse:
    """One district with its sites, or one site: every indicator by quarter."""
    source = source_of(request.user, timezone.localdate())
    if source is None:
        raise Http404
    name, sites = _place_or_404(source, place)
    return counted_page(
        request, "office/place.html", source.questions, lambda: {"name": name} | _words(source, place, sites)
    )


def _words(source: Source, place: str, sites: Sequence[Site]) -> dict[str, Any]:
    measured = [source.figures(one) for one in known_measures()]
    is_site = place.isdigit()
    return {
        "place": place,
        "district": "" if is_site else _district(sites[0]),
        "sites": [] if is_site else sites,
        "site": sites[0] if is_site else None,
        "quarters": [(say_period(period), fiscal_name(period)) for period in source.quarters],
        "rows": [_row(figures, source, place, linked=is_site and source.published is None) for figures in measured],
        "published": source.published,
        "heard": source.heard.get(sites[0].id) if is_site else None,
        "snapshot": measured[0].snapshot,
    }


@screen(Role.MINISTRY, methods=("POST",))
def country_file(request: OfficeRequest, indicator: str) -> HttpResponse:
    """The published numbers of one indicator as a file."""
    source = source_of(request.user, timezone.localdate())
    if source is None or indicator not in known_measures():
        raise Http404
    note("numbers.exported", who=request.user, detail=indicator)
    return csv_file(f"{indicator}-country", _FILE_HEAD, _file_lines(source.figures(indicator), _names(source)))


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


def _district(site: Site) -> int | None:
    return site.facility.district_id if site.facility else None


def _names(source: Source) -> dict[str, str]:
    names = {TOGETHER: "All sites together", NOWHERE: "Not yet at a site"}
    for site in source.sites:
        names[str(site.id)] = site.name
        if site.facility and site.facility.district:
            names[district_place(site.facility.district.id)] = site.facility.district.name
    return names


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
