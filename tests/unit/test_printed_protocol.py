"""The page that a ministry reads and signs: as HTML and as PDF it says all of the protocol, in the same words."""

import html as markup
import io
import re
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from mentormothers import PROGRAMME
from mentormothers.config.cli import app
from mentormothers.printing.html import html
from mentormothers.printing.page import TO_VERIFY, Blanks, Entry, Facts, Page, Section, Table, Words
from mentormothers.printing.pdf import pdf
from mentormothers.printing.protocol_page import protocol_page
from mentormothers.protocol.provenance import LeftOut, Signature
from mentormothers.protocol.reading import find_protocol
from mentormothers.protocol.words import say_item

MW = find_protocol("MW-2022")


@cache
def pages_of(page: Page) -> tuple[str, ...]:
    """What each sheet of the PDF says, without the ends of its lines."""
    return tuple(one.extract_text() for one in PdfReader(io.BytesIO(pdf(page))).pages)


def plain(text: str) -> str:
    """Only letters and digits: lines may end anywhere."""
    return re.sub(r"\W", "", text)


def as_text(page: Page) -> dict[str, str]:
    body = html(page).partition("</head>")[2]
    return {"html": plain(markup.unescape(re.sub("<[^>]+>", " ", body))), "pdf": plain("".join(pages_of(page)))}


@pytest.mark.parametrize("kind", ["html", "pdf"])
def test_it_says_everything(kind: str) -> None:
    said = as_text(protocol_page(MW))[kind]
    wanted = [MW.title, MW.fingerprint, "Not signed off by a ministry", *MW.extends]
    for item in MW.items:
        words = say_item(item, MW)
        wanted += [item.label, item.id, words.whom, words.due, words.done, words.ends, item.basis, item.note]
    wanted += [text for one in MW.settings for text in (one.id, one.value, one.basis)]
    wanted += [text for one in MW.left_out for text in (one.id, one.what, one.why)]
    wanted += [text for one in MW.sources for text in (one.id, one.title, one.where, one.read)]
    assert [text for text in wanted if plain(text) not in said] == []


def test_every_value_that_nobody_verified_has_its_mark() -> None:
    page = protocol_page(MW)
    assert html(page).count(f'<span class="mark">{TO_VERIFY}</span>') == MW.unverified
    entries = [block for section in page.sections for block in section.blocks if isinstance(block, Entry)]
    assert sum(entry.mark for entry in entries) == MW.unverified


def test_every_sheet_names_the_content_and_that_nobody_signed() -> None:
    for sheet in pages_of(protocol_page(MW)):
        assert plain(f"MW-2022, version 1 · content {MW.fingerprint} · not signed off by a ministry") in plain(sheet)
    assert "to be verified" in html(protocol_page(MW))


def test_it_says_which_file_each_item_stands_in() -> None:
    said = html(protocol_page(MW))
    assert "ANC-DAK; the item stands in who-2023.yaml" in said and "the item stands in mw-2022.yaml" in said


def test_the_calendars_are_of_three_imagined_people() -> None:
    found = {section.title: section for section in protocol_page(MW).sections if "Calendar" in section.title}
    assert list(found) == [
        "Calendar of a mother with HIV",
        "Calendar of a mother who tests negative",
        "Calendar of the baby of a mother with HIV",
    ]
    baby = next(
        block for block in found["Calendar of the baby of a mother with HIV"].blocks if isinstance(block, Table)
    )
    by_id = {re.search(r"\(([\w.-]+)", row[4])[1]: row[:4] for row in baby.rows}  # type: ignore[index]
    assert by_id["MW.PCR6W"] == ("6 weeks after birth", "2021-01-29", "2021-02-12", "2021-02-26")
    assert by_id["MW.RAPID24M"][0] == "24 months after birth"


def test_one_that_is_signed_says_by_whom_and_leaves_no_line_to_sign() -> None:
    signature = Signature("A ministry of tests", date(2026, 2, 1), MW.fingerprint)
    said = as_text(protocol_page(replace(MW, signed_off_by=signature)))
    for text in said.values():
        assert plain("Signed off by A ministry of tests on 1 February 2026") in text
        assert "Notsignedoff" not in text and "Signatureandstamp" not in text


def test_an_unsigned_one_has_lines_to_sign() -> None:
    assert plain("Signature and stamp") in as_text(protocol_page(MW))["pdf"]


def test_the_same_content_gives_the_same_bytes() -> None:
    page = protocol_page(MW)
    assert pdf(page) == pdf(page) and html(page) == html(page)


HOSTILE = (
    "</style><script>alert(1)</script>",
    '"); }</style><b>',
    '#panic() #read("/etc/passwd") $x$ ] } \\ <a> @b *c* _d_ // e',
    "\N{RIGHT-TO-LEFT OVERRIDE}txt \N{SNOWMAN} ŋ ɓ ẽ",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_words_are_never_read_as_a_language(text: str) -> None:
    """Whatever stands in a protocol is printed as it stands."""
    blocks = (Words(text), Facts(((text, text),)), Entry(text, text, True, ((text, text),)))
    more = (Table((text, "b"), ((text, text),), wide=0), Blanks((text,)))
    page = Page(text, text, text, text, (Section(text, (*blocks, *more)),))
    said = html(page)
    assert "<script" not in said and "<b>" not in said and "<a>" not in said
    assert said.count("</style>") == 1 and markup.escape(text) in said
    wanted = plain(text.replace("\N{RIGHT-TO-LEFT OVERRIDE}", "").replace("\N{SNOWMAN}", ""))
    assert text.startswith("\N{RIGHT-TO-LEFT OVERRIDE}") or plain("".join(pages_of(page))).count(wanted) >= 12


def test_hostile_words_of_a_protocol_do_no_harm() -> None:
    left_out = tuple(LeftOut(f"X{n}", text, text) for n, text in enumerate(HOSTILE))
    page = protocol_page(replace(MW, title=HOSTILE[0], left_out=left_out))
    assert "<script" not in html(page) and pages_of(page)


@pytest.mark.parametrize("path", sorted((PROGRAMME / "protocols").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_whole_library_can_be_printed(path: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["protocol", "page", str(path), "--out", str(tmp_path / "pages")])
    assert done.exit_code == 0, done.output
    made = {file.suffix: file for file in (tmp_path / "pages").iterdir()}
    assert made[".pdf"].read_bytes().startswith(b"%PDF-") and made[".html"].read_text().startswith("<!doctype html>")
    assert made[".pdf"].stem == path.stem


def test_one_file_alone_can_be_written(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["protocol", "page", "ACC-1", "--html", str(tmp_path / "a.html")])
    assert done.exit_code == 0 and [file.name for file in tmp_path.iterdir()] == ["a.html"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ACC-1"], "nothing to write. Please say --out FOLDER"),
        (["ACC-9", "--out", "x"], "no protocol 'ACC-9'"),
        (["ACC-1", "--html", "/proc/no/a.html"], "/proc/no/a.html: No such file or directory. Please name a file"),
    ],
)
def test_what_cannot_be_written_is_said(words: list[str], said: str) -> None:
    done = CliRunner().invoke(app, ["protocol", "page", *words])
    assert done.exit_code == 2 and said in done.output
