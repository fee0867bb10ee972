"""The map: districts as they lie, said in words, and no name that becomes a command."""

import re
from xml.etree import ElementTree

from mentormothers.reports.map import STEPS, Area, draw, step_of

SQUARE = {"type": "Polygon", "coordinates": [[[33, -10], [34, -10], [34, -11], [33, -11], [33, -10]]]}
BELOW = {"type": "MultiPolygon", "coordinates": [[[[33, -11], [34, -11], [34, -12], [33, -12], [33, -11]]]]}


def test_a_district_is_shaded_labelled_reached_by_keyboard_and_said_in_words() -> None:
    north = Area("North", SQUARE, "North: 85 of 100 (85 %)", 2, "85", "/programme/district:1")
    drawn = draw([north, Area("South", BELOW, "South: no site")], "Treated by district")
    tree = ElementTree.fromstring(drawn)
    names = {"s": "http://www.w3.org/2000/svg"}
    (link,) = tree.findall(".//s:a", names)
    assert link.get("href") == "/programme/district:1" and link.get("aria-label") == "North: 85 of 100 (85 %)"
    assert [text.text for text in tree.iter("{http://www.w3.org/2000/svg}text")] == ["85"]
    fills = [path.get("fill") for path in tree.iter("{http://www.w3.org/2000/svg}path")]
    assert sorted(map(str, fills)) == sorted([STEPS[2], "#faf8f4"])
    assert "South: no site" in drawn and "style=" not in drawn and "<style" not in drawn


def test_north_is_up_and_the_shapes_fill_the_drawing() -> None:
    drawn = draw([Area("North", SQUARE, "n"), Area("South", BELOW, "s")], "two")
    north, south = (
        [float(y) for _, y in re.findall(r"[ML]([\d.-]+) ([\d.-]+)", path)]
        for path in re.findall(r' d="([^"]+)"', drawn)
    )
    assert min(north) == 0 and max(north) == min(south)


def test_a_hidden_number_is_hatched_and_a_name_is_only_text() -> None:
    drawn = draw([Area("<b>", SQUARE, '"><script>', address="/x", hidden=True)], "<i>")
    assert "url(#hatched)" in drawn and "<script>" not in drawn and "<i>" not in drawn
    ElementTree.fromstring(drawn)


def test_without_boundaries_there_is_no_map() -> None:
    assert draw([], "nothing") == ""


def test_steps_begin_at_their_edges() -> None:
    assert [step_of(share, (0.5, 0.75, 0.9)) for share in (0.0, 0.4999, 0.5, 0.75, 0.9, 1.2)] == [0, 0, 1, 2, 3, 3]
