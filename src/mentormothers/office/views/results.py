"""Results: each indicator over six quarters, by site, with its receipt, its definition and a file to take along."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe

from mentormothers.access.audit import note
from mentormothers.access.models import Role, User
from mentormothers.indicators.delivery import UNKNOWN
from mentormothers.indicators.model import Measure, Question
from mentormothers.indicators.periods import Period
from mentormothers.indicators.rows import COLUMNS, IndicatorRow
from mentormothers.office.choosing import Chosen, PeriodAndByForm, chosen
from mentormothers.office.counted import counted_page
from mentormothers.office.csv_file import csv_file
from mentormothers.office.forms import PURPOSES, TakeAlongForm
from mentormothers.office.reach import sites_of
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.words.drawings import ORDER, dark_and_light, drawing
from mentormothers.office.words.findings import UNTOLD_SHARE, finding, say_part, short_title
from mentormothers.office.words.periods import fiscal_name, is_running, say_period, two_lines
from mentormothers.reports.figures import CASCADES
from mentormothers.reports.numbers import completeness, measures
from mentormothers.reports.outside import UNTOLD, all_together, outside
from mentormothers.reports.small_cells import Given, Hidden
from mentormothers.reports.tables import NOWHERE, TOGETHER, TOTAL, Key, Table, questions_of, table, together
from mentormothers.sites.models import DeliveryModel

SEEN_BY = (Role.MANAGER, Role.COORDINATOR)
_ALL = "All sites together"
_MOST_PANELS = 13  # all sites together and twelve; the table below has every site


@dataclass(frozen=True)
class Cell:
    """One number of the table, what it is out of, and what the address of those behind it ends with."""

    number: int
    of: int | None
    percent: str
    behind: str


@dataclass(frozen=True)
class Line:
    """A site (or all together, or a part) over the quarters."""

    name: str
    cells: Sequence[Cell]


@screen(*SEEN_BY)
def results(request: OfficeRequest) -> HttpResponse:
    """What the numbers say now, one sentence and one chart each."""
    sites, days = sites_of(request.user), chosen(request.GET)
    measured = list(known_measures().values()) if sites else []
    asked = [Question(measure, period) for measure in measured for period in days.periods]
    page = counted_page(
        request,
        "office/results.html",
        asked,
        lambda: {
            "boards": [_board(together(measure, days.periods), {}, [TOGETHER]) for measure in measured],
            "complete": completeness([site.id for site in sites]),
            "sites": sites,
            "chosen": days,
        },
    )
    return _with_status(page, request, days)


@screen(*SEEN_BY)
def indicator(request: OfficeRequest, indicator: str) -> HttpResponse:
    """One indicator: chart, table, parts, receipt, definition."""
    days, measure = chosen(request.GET, PeriodAndByForm), measure_or_404(indicator)
    asked = questions_of(measure, days.periods, by_model=days.by_model)
    page = counted_page(
        request,
        "office/indicator.html",
        asked,
        lambda: {
            **_page(*_table(request.user, measure, days)),
            **_around(request.user, days),
            "form": TakeAlongForm(),
        },
    )
    return _with_status(page, request, days)


@screen(*SEEN_BY, methods=("POST",))
def export_numbers(request: OfficeRequest, indicator: str) -> HttpResponse:
    """The table as a file. Small numbers are hidden, unless it stays inside and says what it is for."""
    days = chosen(request.GET, PeriodAndByForm)
    if days.form.errors:
        raise Http404
    found, names = _table(request.user, measure_or_404(indicator), days)
    if "inside" not in request.POST:
        note("numbers.exported", who=request.user, detail=indicator)
        return csv_file(f"{indicator}-outside", _HEAD, _lines(found, names, leaves=True))
    form = TakeAlongForm(request.POST)
    if not form.is_valid():
        words = _page(found, names) | _around(request.user, days) | {"form": form}
        return render(request, "office/indicator.html", words, status=400)
    purpose = PURPOSES[form.cleaned_data["purpose"]]
    note("numbers.exported_inside", who=request.user, detail=f"{indicator}: {purpose}")
    return csv_file(f"{indicator}-inside", _HEAD, _lines(found, names, leaves=False))


def _with_status(page: HttpResponse, request: OfficeRequest, days: Chosen) -> HttpResponse:
    """A page of days that cannot be chosen is a bad request; htmx replaces only on success."""
    page.status_code = 200 if request.htmx else days.status
    return page


def known_measures() -> dict[str, Measure]:
    """Every indicator, the best known first; the cascades stand on the programme's page."""
    known = {name: measure for name, measure in measures().items() if name not in CASCADES}
    return {
        name: known[name] for name in sorted(known, key=lambda n: (ORDER.index(n) if n in ORDER else len(ORDER), n))
    }


def measure_or_404(indicator: str) -> Measure:
    """The measure of this id."""
    if indicator not in known_measures():
        raise Http404
    return known_measures()[indicator]


def place_names(user: User) -> dict[str, str]:
    """What the places of a table are called, for somebody."""
    return (
        {TOGETHER: _ALL}
        | {str(site.id): site.name for site in sites_of(user)}
        | {model.value: f"Sites {model.label}" for model in DeliveryModel}
        | {UNKNOWN: "Sites not yet open on that day", NOWHERE: "Not yet at a site"}
    )


def _table(user: User, measure: Measure, days: Chosen) -> tuple[Table, Mapping[str, str]]:
    sites = [site.id for site in sites_of(user)]
    return table(measure, days.periods, sites, by_model=days.by_model), place_names(user)


def _page(found: Table, names: Mapping[str, str]) -> dict[str, Any]:
    definition, first = found.measure.definition, found.places[0]
    choices = dict(zip((o.name for o in definition.options), found.measure.choices, strict=True))
    return {
        "board": _board(found, names, [place for place in found.places if place != NOWHERE][:_MOST_PANELS]),
        "periods": [(say_period(period), fiscal_name(period)) for period in found.periods],
        "lines": [_line(found, names[place], place) for place in found.places],
        "parts": [_line(found, say_part(part), first, part) for part in definition.disaggregations],
        "parts_of": names[first],
        "untold": [_untold_line(found, names[place], place) for place in found.places] if definition.left_out else [],
        "more_sites": len(found.places) > _MOST_PANELS,
        "not_yet": names[NOWHERE] if NOWHERE in found.places else "",
        "beyond_all": any(
            row.denominator is not None and row.numerator > row.denominator for row in found.rows.values()
        ),
        "definition": definition,
        "options": [(option, choices[option.name]) for option in definition.options],
        "receipt": _receipt(found),
    }


def _around(user: User, days: Chosen) -> dict[str, Any]:
    return {"chosen": days, "complete": completeness([site.id for site in sites_of(user)])}


def _board(found: Table, names: Mapping[str, str], places: Sequence[str]) -> dict[str, Any]:
    return {
        "id": found.measure.definition.id,
        "title": short_title(found.measure),
        "finding": finding(found, places[0]),
        "drawing": drawing(found.measure),
        "panels": _drawn(found, names, places),
        "receipt": _receipt(found),
    }


def _drawn(found: Table, names: Mapping[str, str], places: Sequence[str]) -> list[SafeString]:
    # Imported when first drawn: Altair takes more than a second, which every command would wait for.
    from mentormothers.reports.charts import PLUM, Look, Panel, small_multiples

    panels = [Panel(names.get(p, ""), [_column(found, q, p) for q in found.periods], p == TOGETHER) for p in places]
    drawn = drawing(found.measure)
    look = replace(Look(drawn.unit), dark=PLUM) if drawn.loss else Look(drawn.unit)
    # Drawn by us; Vega escapes the names of sites.
    return [mark_safe(drawing) for drawing in small_multiples(panels, look)]  # noqa: S308


def _column(found: Table, period: Period, place: str) -> Any:
    from mentormothers.reports.charts import Column

    return Column(two_lines(period), *dark_and_light(found, period, place), is_running(period))


def _line(found: Table, name: str, place: str, part: str = TOTAL) -> Line:
    return Line(name, [_cell(found, period, place, part) for period in found.periods])


def _cell(found: Table, period: Period, place: str, part: str) -> Cell:
    of, value = found.share(period, place, part)
    percent = f"{value * 100:.0f} %" if value is not None else ""
    behind = f"{period.name}/{place}" if part == TOTAL else ""
    return Cell(found.number(period, place, part), of, percent, behind)


def _untold_line(found: Table, name: str, place: str) -> Line:
    return Line(name, [_untold_cell(found, period, place) for period in found.periods])


def _untold_cell(found: Table, period: Period, place: str) -> Cell:
    """Those left out, out of themselves and those who were counted."""
    left = found.untold.get(Key(period.name, place, TOTAL), 0)
    of, _ = found.share(period, place)
    if found.measure.definition.id not in UNTOLD_SHARE or of is None:
        return Cell(left, None, "", "")
    return Cell(left, left + of, f"{left / (left + of) * 100:.0f} %" if left + of else "", "")


def _receipt(found: Table) -> IndicatorRow:
    """The receipt of the newest number; of the others only the period differs."""
    return found.row(found.periods[-1], TOGETHER)


_HEAD = (*COLUMNS[:3], "site_name", *COLUMNS[3:], "fiscal_quarter", "first_day", "last_day")


def _lines(found: Table, names: Mapping[str, str], *, leaves: bool) -> Iterable[list[object]]:
    for key, given in (_outside(found) if leaves else _inside(found)).items():
        period = next(p for p in found.periods if p.name == key.period)
        row = found.rows.get(key) or _receipt(found)
        value = "" if isinstance(given.number, Hidden) or isinstance(given.of, Hidden) else row.value
        place = _ALL if key.place == TOGETHER else names[key.place]
        yield [row.indicator, key.period, key.place, place, key.part, given.number, given.of, value, row.definition,
               row.snapshot, fiscal_name(period), period.start, period.end]  # fmt: skip


def _inside(found: Table) -> dict[Key, Given]:
    known = {key: row for key, row in found.rows.items() if key.place in found.places}
    by_quarter = [key for period in found.periods for key in known if key.period == period.name]
    return {key: Given(known[key].numerator, known[key].denominator) for key in by_quarter}


def _outside(found: Table) -> dict[Key, Given]:
    shown = outside(found, all_together(int(place) for place in found.places if place.isdigit()))
    return {key: given for key, given in shown.items() if key.part != UNTOLD}
