"""Indicator files: a wrong one is refused with reason and remedy; every shipped one can be counted."""

from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest

from mentormothers import PROGRAMME
from mentormothers.engines import reference_indicators
from mentormothers.engines.indicator_sql import compile_indicator
from mentormothers.facts.fact import History
from mentormothers.indicators.model import By, Question
from mentormothers.indicators.periods import parse_period
from mentormothers.indicators.reading import IndicatorError, find_indicators, read_indicator
from mentormothers.indicators.rows import Count, IndicatorRow, left_out, rows

TEXT = """
id: T
version: 2
title: A test
source: nobody
type: proportion
numerator: some
denominator: all
period: by day
options:
  lost: {allowed: [gt28, ge28], default: gt28, meaning: the line}
  sources: {allowed: [documented, all], default: all, meaning: whose word}
disaggregations: [a, b]
left_out: nowhere
notes: [none]
verify: [all of it]
"""
QUARTER = parse_period("2025Q2")


def written(folder: Path, text: str, name: str = "t.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("path", sorted((PROGRAMME / "indicators").glob("*")), ids=lambda path: path.stem)
def test_every_shipped_indicator_reads_and_is_counted_by_sql_and_reference(path: Path) -> None:
    definition = read_indicator(path)
    measure = definition.measure({})
    assert definition.notes
    for by in get_args(By):
        assert compile_indicator(measure, by, "duckdb").steps
        (counts,) = reference_indicators.indicators(
            [Question(measure, QUARTER, by == "site", by_model=by == "delivery_model")], History(())
        )
        assert counts == []


def test_what_the_design_wants_checked_is_marked(tmp_path: Path) -> None:
    assert {d.id for d in find_indicators([]) if d.verify} == {
        "CASCADE_INFANTS", "CASCADE_WOMEN", "PMTCT_ART", "TX_ML", "TX_PVLS",
    }  # fmt: skip
    assert read_indicator(written(tmp_path, TEXT)).verify == ("all of it",)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("id: T\n", ""), "id is missing"),
        (("id: T", "id: T-1"), "made of letters, digits and _"),
        (("id: T", "id: U"), "it defines U. Please name the file u.yaml"),
        (("version: 2", "version: two"), "version should be a whole number"),
        (("version: 2", "version: 0"), "version 0 is below 1"),
        (("title: A test", "title: [A]"), "title is missing or is not text"),
        (("type: proportion", "type: rate"), "type 'rate' is unknown. Please use one of: count, proportion"),
        (("type: proportion", "type: count"), "a proportion says its denominator, a count has none"),
        (("denominator: all\n", ""), "a proportion says its denominator, a count has none"),
        (("period: by day", "periods: by day"), "unknown words: periods. Known are"),
        (("  lost:", "  late:"), "option late: the engines know no such option. Known are: lost, sources, duration, "),
        (("[gt28, ge28]", "[gt28, many]"), "option lost: many cannot be chosen"),
        (("[gt28, ge28]", "[gt28, gt28]"), "option lost: a value cannot be chosen or stands twice"),
        (("default: gt28", "default: gt30"), "option lost: the default 'gt30' is not among the allowed"),
        (("default: gt28, ", ""), "option lost: default is missing"),
        (("meaning: the line", "meaning: the line, colour: red"), "option lost has unknown words: colour"),
        (("{allowed: [gt28, ge28], default: gt28, meaning: the line}", "gt28"), "option lost should be written as"),
        (("disaggregations: [a, b]", "disaggregations: [a, a]"), "one stands twice"),
        (("disaggregations: [a, b]", "disaggregations: [a, nowhere]"), "not that of those left out"),
        (("disaggregations: [a, b]", "disaggregations: a"), "disaggregations should be a list of texts"),
        (("notes: [none]", "denominator_of_parts: none"), "denominator_of_parts 'none' is unknown"),
        (("notes: [none]", "notes: [1]"), "notes should be a list of texts"),
        (("notes: [none]", "title: again"), "title stands twice"),
        (("notes: [none]", "notes: &n [none]\nx: *n"), "aliases (*) are not allowed"),
        (("notes: [none]", "notes: [none"), "not readable YAML"),
        (("numerator: some", "numerator: 2025-13-40"), "not readable YAML: month must be in"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, change: tuple[str, str], reason: str) -> None:
    assert change[0] in TEXT
    path = written(tmp_path, TEXT.replace(*change, 1))
    with pytest.raises(IndicatorError) as error:
        read_indicator(path)
    assert str(path) in str(error.value)
    assert reason in str(error.value)


@pytest.mark.parametrize("text", ["", "[]", "id", "options:\n"])
def test_what_is_no_indicator_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(IndicatorError, match=r"should be written as|id is missing"):
        read_indicator(written(tmp_path, text))


def test_options_are_written_as_lines(tmp_path: Path) -> None:
    head, _, tail = TEXT.partition("options:")
    text = head + "options: lost\n" + tail[tail.index("disaggregations") :]
    with pytest.raises(IndicatorError, match="options should be written as"):
        read_indicator(written(tmp_path, text))


def test_a_file_that_is_not_there_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IndicatorError, match="No such file"):
        read_indicator(tmp_path / "none.yaml")
    with pytest.raises(IndicatorError, match="larger than"):
        read_indicator(written(tmp_path, "#" * 1_000_001))


def test_indicators_are_found_by_id_in_the_order_asked(tmp_path: Path) -> None:
    assert [d.id for d in find_indicators(["tx_ml", "PMTCT_EID", "TX_ML"])] == ["TX_ML", "PMTCT_EID"]
    assert [d.id for d in find_indicators([])] == [
        "CASCADE_INFANTS",
        "CASCADE_WOMEN",
        "M2M_MTCT_FINAL",
        "PMTCT_ART",
        "PMTCT_EID",
        "RET12",
        "TX_CURR",
        "TX_ML",
        "TX_PVLS",
    ]
    with pytest.raises(
        IndicatorError,
        match=r"no indicator TX_NEW\. Please name one of: CASCADE_INFANTS, CASCADE_WOMEN, M2M_MTCT_FINAL, PMTCT_ART, PMTCT_EID, RET12, TX_CURR, TX_ML, TX_PVLS",
    ):
        find_indicators(["TX_CURR", "TX_NEW"])


def test_a_measure_names_definition_version_and_options(tmp_path: Path) -> None:
    definition = read_indicator(written(tmp_path, TEXT))
    assert definition.measure({}).name == "T@2/gt28,all"
    measure = definition.measure({"sources": "documented", "lost": "ge28", "duration": "to_expected"})
    assert measure.name == "T@2/ge28,documented"
    assert (measure.lost.days, measure.lost.operator) == (28, "ge")
    with pytest.raises(ValueError, match=r"option lost: 'gt30' is not allowed\. Please use one of: gt28, ge28"):
        definition.measure({"lost": "gt30"})


def test_what_no_engine_counts_is_refused(tmp_path: Path) -> None:
    measure = read_indicator(written(tmp_path, TEXT)).measure({})
    with pytest.raises(ValueError, match="no engine counts T yet"):
        compile_indicator(measure, "", "duckdb")
    unmeasured = TEXT.replace("id: T", "id: TX_CURR").replace("  lost:", "  duration:")
    unmeasured = unmeasured.replace("gt28, ge28", "to_expected").replace("gt28", "to_expected")
    measure = read_indicator(written(tmp_path, unmeasured, "tx_curr.yaml")).measure({})
    with pytest.raises(ValueError, match="TX_CURR cannot be counted without an option 'lost'"):
        compile_indicator(measure, "", "duckdb")


def test_a_total_stands_before_its_parts_and_every_row_has_the_denominator(tmp_path: Path) -> None:
    definition = read_indicator(written(tmp_path, TEXT))
    question = Question(definition.measure({}), QUARTER, by_site=True)
    counts = [Count("B", "b", 2, 0), Count("", "", 0, 3), Count("B", "", 0, 3), Count("B", "nowhere", 4, 0)]
    found = rows(question, counts, "snap")
    assert [(r.site, r.disaggregation, r.numerator, r.denominator, r.value) for r in found] == [
        ("", "", 0, 3, Decimal("0.0000")),
        ("", "a", 0, 3, Decimal("0.0000")),
        ("", "b", 0, 3, Decimal("0.0000")),
        ("B", "", 2, 3, Decimal("0.6667")),
        ("B", "a", 0, 3, Decimal("0.0000")),
        ("B", "b", 2, 3, Decimal("0.6667")),
    ]
    assert left_out(question, counts) == 4
    assert found[0] == IndicatorRow("T", "2025Q2", "", "", 0, 3, Decimal("0.0000"), "T@2/gt28,all", "snap")


def test_a_count_has_no_denominator_and_of_nothing_it_is_zero() -> None:
    (definition,) = find_indicators(["TX_CURR"])
    measure = definition.measure({})
    (row,) = rows(Question(measure, QUARTER), [], "snap")
    assert (row.numerator, row.denominator, row.value) == (0, None, 0)
    assert rows(Question(measure, QUARTER, by_site=True), [], "snap") == []


def test_a_part_that_the_definition_does_not_have_is_loud() -> None:
    (definition,) = find_indicators(["TX_ML"])
    with pytest.raises(ValueError, match="TX_ML has no part 'abducted'"):
        rows(Question(definition.measure({}), QUARTER), [Count("", "abducted", 1, 0)], "snap")
