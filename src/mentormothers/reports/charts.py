"""Charts of numbers over quarters, drawn on the server: small multiples by site, with direct labels.

The only module that imports Altair and vl-convert.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import altair as alt
import vl_convert

from mentormothers.reports.funnel import INNER, OUTER, limits

# The office's tokens (office/static/office/office.css; a test compares).
INK, MUTED, LINE, BRAND, BRAND_LIGHT, PLUM = "#20262d", "#5c646c", "#e4ded5", "#0e5a5b", "#7fb0ae", "#5f3d91"
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
_TEXT = 12  # pixels on the screen: charts are shown at the size they are drawn
_TITLE_LETTERS = 30  # of a title on one line
_HEADROOM = 1.3  # above the tallest column, for a label of two lines
_CURVE = 40  # points of a limit's line
_FUNNEL = (460, 260)
_WIDTH, _HEIGHT = 262, 130  # of the columns, in pixels; with its axis a chart fits a small phone


@dataclass(frozen=True)
class Column:
    """One quarter: its name in two lines, what is counted in the darker and the lighter part of the column.

    running  the quarter is not over: its column is outlined
    word     what stands instead of a number that is not shown
    """

    lines: tuple[str, str]
    dark: int
    light: int = 0
    running: bool = False
    word: str = ""


@dataclass(frozen=True)
class Panel:
    """One small chart: a site, or all of them together, which has a scale of its own."""

    title: str
    columns: Sequence[Column]
    together: bool = False


@dataclass(frozen=True)
class Look:
    """The unit of the axis, and the colours of both parts."""

    unit: str
    dark: str = BRAND
    light: str = BRAND_LIGHT


def small_multiples(panels: Sequence[Panel], look: Look) -> list[str]:
    """An SVG drawing of each panel, the sites on one scale, without any style that a strict browser would refuse."""
    tops = {together: _top(p for p in panels if p.together == together) for together in (True, False)}
    return [_svg(_panel(panel, look, tops[panel.together])) for panel in panels]


@dataclass(frozen=True)
class Dot:
    """One site of a funnel; it is named where it lies outside the limits."""

    name: str
    of: int
    share: float
    outside: bool


def funnel(dots: Sequence[Dot], target: float, unit: str) -> str:
    """An SVG drawing of values against what they are out of, between the limits of chance (`reports.funnel`)."""
    most = max(dot.of for dot in dots)
    sizes = sorted({max(1, round(most * 1.05 * n / _CURVE)) for n in range(1, _CURVE + 1)})
    lines = [line for of in sizes for line in _limits_at(target, of)]
    x = alt.X("of:Q", title=f"out of how many {unit}", axis=alt.Axis(format="d", tickMinStep=1, grid=False))
    y = alt.Y("share:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(format="%"))
    curves = alt.Chart(alt.InlineData(values=lines)).mark_line(strokeWidth=1, color=MUTED).encode(
        x=x, y=y, detail="line:N",
        strokeDash=alt.condition("test(/^99/, datum.line)", alt.value([1, 0]), alt.value([4, 4])),
    )  # fmt: skip
    rule = alt.Chart(alt.InlineData(values=[{"share": target}])).mark_rule(color=BRAND_LIGHT).encode(y="share:Q")
    values = [{"of": d.of, "share": d.share, "name": d.name if d.outside else "", "outside": d.outside} for d in dots]
    base = alt.Chart(alt.InlineData(values=values))
    points = base.mark_point(size=60, filled=True, opacity=1).encode(
        x=x, y=y, color=alt.condition("datum.outside", alt.value(PLUM), alt.value(BRAND)),
        shape=alt.condition("datum.outside", alt.value("diamond"), alt.value("circle")),
    )  # fmt: skip
    names = base.mark_text(align="left", dx=8, fontSize=_TEXT, color=INK).encode(x=x, y=y, text="name:N")
    return _svg(alt.layer(rule, curves, points, names).properties(width=_FUNNEL[0], height=_FUNNEL[1]))


def _limits_at(target: float, of: int) -> list[dict[str, Any]]:
    inner, outer = limits(target, of, INNER), limits(target, of, OUTER)
    shares = {"95 low": inner.low, "95 high": inner.high, "99.8 low": outer.low, "99.8 high": outer.high}
    return [{"of": of, "share": share, "line": line} for line, share in shares.items()]


def _svg(chart: Any) -> str:
    drawn: str = vl_convert.vegalite_to_svg(chart.configure(**_config()).to_json(), show_warnings=False)
    return drawn


def _top(panels: Iterable[Panel]) -> float:
    return max([1.0, *((c.dark + c.light) * _HEADROOM for panel in panels for c in panel.columns)])


def _panel(panel: Panel, look: Look, top: float) -> Any:
    rows = [row for column in panel.columns for row in _rows(column)]
    base = alt.Chart(alt.InlineData(values=rows))
    x = alt.X("quarter:O", sort=None, title=None, axis=_x_axis())
    y = alt.Y("from:Q", title=None, scale=alt.Scale(domain=[0, top], nice=False), axis=_y_axis(top))
    bars = base.mark_bar(size=_WIDTH // 12).encode(
        x=x,
        y=y,
        y2="to:Q",
        color=alt.Color("part:N", scale=_colours(look), legend=None),
        fillOpacity=alt.condition("datum.running", alt.value(0.35), alt.value(1)),
        stroke=alt.Color("part:N", scale=_colours(look), legend=None),
    )
    words = base.encode(x=x, y="top:Q")
    labels = words.mark_text(dy=alt.expr("datum.of ? -21 : -7"), fontSize=_TEXT, fontWeight=600, color=INK).encode(
        text="label:N"
    )
    ofs = words.mark_text(dy=-7, fontSize=_TEXT, color=MUTED).encode(text="of:N")
    layered = alt.layer(bars, labels, ofs)
    return layered.properties(width=_WIDTH, height=_HEIGHT, title=_title(panel.title, look.unit))


def _title(words: str, unit: str) -> alt.TitleParams:
    """The panel's name, in several lines where it is long, and under it the unit of its axis."""
    return alt.TitleParams(
        wrap(words, _TITLE_LETTERS) or unit,
        subtitle=unit if words else "",
        anchor="start",
        color=INK,
        offset=8,
        fontSize=14,
        subtitleFontSize=_TEXT,
        subtitleColor=MUTED,
        subtitlePadding=4,
    )


def _rows(column: Column) -> list[dict[str, Any]]:
    both = column.dark + column.light
    shared = {"quarter": "|".join(column.lines), "running": column.running, "top": both}
    of = f"of {both}" if column.light else ""
    dark = {"part": "dark", "from": 0, "to": column.dark, "label": column.word or str(column.dark), "of": of}
    light = {"part": "light", "from": column.dark, "to": both, "label": "", "of": ""}
    return [shared | dark] + ([shared | light] if column.light else [])


def _colours(look: Look) -> alt.Scale:
    return alt.Scale(domain=["dark", "light"], range=[look.dark, look.light])


def _x_axis() -> alt.Axis:
    return alt.Axis(labelExpr="split(datum.label, '|')", labelAngle=0, labelPadding=6)


def _y_axis(top: float) -> alt.Axis:
    # People are whole: no ticks at halves.
    return alt.Axis(tickCount=min(4, int(top)), tickMinStep=1, format="d", gridColor=LINE)


def _config() -> dict[str, Any]:
    axis = {
        "labelFont": _FONT, "titleFont": _FONT, "labelFontSize": _TEXT, "titleFontSize": _TEXT, "labelColor": MUTED,
        "titleColor": MUTED, "titleFontWeight": "normal", "domainColor": LINE, "tickColor": LINE, "gridColor": LINE,
    }  # fmt: skip
    return {
        "font": _FONT,
        "background": "transparent",
        "axis": axis,
        "axisX": {"grid": False, "ticks": False},
        "axisY": {"domain": False, "ticks": False},
        "view": {"stroke": None},
    }
