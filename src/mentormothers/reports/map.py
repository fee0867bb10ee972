"""A map of districts as an SVG drawing: shaded in four steps, with the number in words for whoever does not see it.

Boundaries are those that `import districts` took in. They are drawn as they lie, a degree of longitude made as much
shorter than one of latitude as it is in the middle of the country.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from django.utils.html import escape

_WIDTH = 340.0  # pixels: with its margins it fits a small phone
_ROUNDED = 1  # decimals of a pixel
STEPS = ("#d7e8e7", "#a3cac8", "#4f9391", "#0e5a5b")  # light to dark, of the office's teal
_EMPTY, _LINE, _INK, _PAPER = "#faf8f4", "#8a9299", "#20262d", "#ffffff"
Ring = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Area:
    """A district as it is drawn.

    step     0 to 3, light to dark; None: not shaded
    label    what stands in it, such as `94`
    says     the whole in words
    address  where it leads; empty: nowhere
    hidden   hatched: there is a number, and it is not shown
    """

    name: str
    boundary: Mapping[str, Any]
    says: str
    step: int | None = None
    label: str = ""
    address: str = ""
    hidden: bool = False


def draw(areas: Sequence[Area], title: str) -> str:
    """An SVG drawing without any style that a strict browser would refuse; every area with a number can be reached by
    keyboard."""
    points = [point for area in areas for ring in _rings(area.boundary) for point in ring]
    if not points:
        return ""
    frame = _Frame(points)
    drawn = "".join(_area(area, frame) for area in sorted(areas, key=lambda area: bool(area.address)))
    return (
        f'<svg class="map" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} {frame.height:.0f}" '
        f'role="group" aria-label="{escape(title)}">{_HATCHING}{drawn}</svg>'
    )


def step_of(share: float, edges: Sequence[float]) -> int:
    """Which of the four steps a share falls in."""
    return sum(share >= edge for edge in edges)


_HATCHING = (
    '<defs><pattern id="hatched" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="6" height="6" fill="{_EMPTY}"/><line x1="0" y1="0" x2="0" y2="6" stroke="{_LINE}" '
    'stroke-width="2"/></pattern></defs>'
)


class _Frame:
    """Where on the drawing a place lies."""

    def __init__(self, points: Sequence[Sequence[float]]) -> None:
        longitudes, latitudes = [p[0] for p in points], [p[1] for p in points]
        self._west, self._north = min(longitudes), max(latitudes)
        self._narrowing = cos(radians((min(latitudes) + max(latitudes)) / 2))
        self._scale = _WIDTH / ((max(longitudes) - self._west) * self._narrowing or 1)
        self.height = (self._north - min(latitudes)) * self._scale

    def at(self, point: Sequence[float]) -> tuple[float, float]:
        x = (point[0] - self._west) * self._narrowing * self._scale
        y = (self._north - point[1]) * self._scale
        return round(x, _ROUNDED), round(y, _ROUNDED)


def _area(area: Area, frame: _Frame) -> str:
    fill = "url(#hatched)" if area.hidden else STEPS[area.step] if area.step is not None else _EMPTY
    path = "".join(_path(ring, frame) for ring in _rings(area.boundary))
    shape = f'<path d="{path}" fill="{fill}" stroke="{_LINE}" stroke-width="0.7" fill-rule="evenodd"/>'
    title = f"<title>{escape(area.says)}</title>"
    if not area.address:
        return f"<g>{title}{shape}</g>"
    return f'<a href="{escape(area.address)}" aria-label="{escape(area.says)}">{title}{shape}{_label(area, frame)}</a>'


def _label(area: Area, frame: _Frame) -> str:
    if not area.label:
        return ""
    largest = max(_rings(area.boundary), key=lambda ring: abs(_doubled_area(ring)))
    x, y = frame.at(_centre(largest))
    ink = _PAPER if area.step is not None and area.step >= 2 else _INK
    return (
        f'<text x="{x}" y="{y}" text-anchor="middle" dominant-baseline="central" font-size="12" font-weight="700" '
        f'fill="{ink}" font-family="system-ui, sans-serif">{escape(area.label)}</text>'
    )


def _rings(boundary: Mapping[str, Any]) -> list[Ring]:
    shapes = boundary.get("coordinates", [])
    if boundary.get("type") == "Polygon":
        shapes = [shapes]
    return [ring for shape in shapes for ring in shape]


def _path(ring: Ring, frame: _Frame) -> str:
    """One ring; points that fall on the one before are left out, since a screen has no finer ones."""
    kept: list[tuple[float, float]] = []
    for point in ring:
        x, y = frame.at(point)
        if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= 0.6:
            kept.append((x, y))
    return "M" + "L".join(f"{x} {y}" for x, y in kept) + "Z"


def _pairs(ring: Ring) -> Iterable[tuple[Sequence[float], Sequence[float]]]:
    return zip(ring, [*ring[1:], ring[0]], strict=True)


def _doubled_area(ring: Ring) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in _pairs(ring))


def _centre(ring: Ring) -> tuple[float, float]:
    """The centre of gravity of a ring."""
    area = _doubled_area(ring)
    if not area:
        return ring[0][0], ring[0][1]
    crosses = [(a, b, a[0] * b[1] - b[0] * a[1]) for a, b in _pairs(ring)]
    x = sum((a[0] + b[0]) * cross for a, b, cross in crosses) / (3 * area)
    y = sum((a[1] + b[1]) * cross for a, b, cross in crosses) / (3 * area)
    return x, y
