"""A protocol in words: what a ministry reads is what the engines do."""

from typer.testing import CliRunner

from mentormothers.config.cli import app
from mentormothers.protocol.reading import find_protocol
from mentormothers.protocol.words import say_item, say_tracing

MW = find_protocol("MW-2022")


def test_an_item_says_for_whom_when_and_until_when() -> None:
    refill = say_item(MW.item("MW.REFILL"), MW)
    assert refill.whom == "HIV-positive"
    assert refill.due == "when the days supplied have run out, counted from the latest ART supplied"
    assert (refill.shown, refill.in_time) == ("from 7 days before", "that day only")
    assert (refill.missed, refill.beyond) == ("day 1; to follow up from day 14", "day 61")
    assert refill.ends == "death; transfer confirmed; refused (art or all); ART stopped"


def test_anchors_offsets_and_intervals() -> None:
    due = {item.id: say_item(item, MW).due for item in MW.items}
    assert due["WHO.VLBF"] == "3 months after the latest delivery (live), again 6 months after it was last done"
    assert due["WHO.HTS-ANC1"] == "on the day of the first antenatal contact since the last menstrual period"
    assert due["WHO.VLHIGH"] == "3 months after the viral load sample of each viral load result of 1,001 or more"
    assert due["MW.PCR6W"] == "on the day of the later of 6 weeks after birth and the day the baby became exposed"
    assert due["WHO.CXCA-RE"] == "3 years after the latest cervical cancer screen"
    assert due["WHO.ART"] == "the day she is first known to be HIV-positive"


def test_what_does_it_and_whose_it_is() -> None:
    last = say_item(MW.item("MW.RAPID24M"), MW)
    assert last.group == "infant" and last.whom == "HIV-exposed baby"
    assert "child antibody test from 6 weeks after the latest breastfeeding stopped on" in last.done
    assert say_item(MW.item("PROG.MM2ND"), MW).done == "the second mentor session on any day"
    assert say_item(MW.item("WHO.ANC1"), MW).group == "pregnant"
    assert "not while" in say_item(find_protocol("ACC-1").item("ACC.VL6M"), find_protocol("ACC-1")).whom


def test_tracing_in_words() -> None:
    assert say_tracing(MW) == [
        "Looked for because of: Refill; Baby's first test; Start of her tablets",
        "from day 14: calls, at most 3",
        "from day 21: home visits, at most 2",
        "from day 60: a decision together",
    ]


def test_the_command_shows_every_item_mark_and_omission() -> None:
    shown = CliRunner().invoke(app, ["protocol", "show", "mw-2022"])
    assert shown.exit_code == 0
    assert "NOT SIGNED OFF BY A MINISTRY" in shown.output
    assert all(f"{item.id}: {item.label}" in shown.output for item in MW.items)
    assert all(f"{one.id}: {one.what}" in shown.output for one in MW.left_out)
    assert shown.output.count("[to be verified]") == MW.unverified


def test_the_command_refuses_what_it_does_not_know() -> None:
    refused = CliRunner().invoke(app, ["protocol", "show", "KE-1999"])
    assert refused.exit_code == 2 and "MW-2022" in refused.output
