"""A printed page as one HTML file that needs nothing beside it."""

import base64
import hashlib
from html import escape
from pathlib import Path

from mentormothers.printing.page import TO_VERIFY, Blanks, Block, Entry, Facts, Page, Section, Table, Words

_STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")


def html(page: Page) -> str:
    """The whole document. Its style is in it; it has no script, no picture and no link to elsewhere."""
    sections = "\n".join(_section(one) for one in page.sections)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(page.title)}</title>\n<style>{_style(page)}</style>\n</head>\n<body>\n<main>\n"
        f'<header><h1>{escape(page.title)}</h1><p class="sub">{escape(page.subtitle)}</p>'
        f'<p class="notice">{escape(page.notice)}</p></header>\n{sections}\n</main>\n'
        f"<footer>{escape(page.foot)}</footer>\n</body>\n</html>\n"
    )


def style_source(page: Page) -> str:
    """What a Content-Security-Policy says to allow the page's own style and nothing else."""
    digest = hashlib.sha256(_style(page).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _style(page: Page) -> str:
    """The foot of each sheet is set by the style, since only it knows the sheets."""
    foot = "".join(f"\\{ord(letter):x} " for letter in page.foot)  # escaped: nothing of it can end the style
    return f'{_STYLE}@page {{ @bottom-left {{ content: "{foot}"; }} }}\n'


def _section(section: Section) -> str:
    begin = ' class="new"' if section.new_page else ""
    blocks = "\n".join(_block(one) for one in section.blocks)
    return f"<section{begin}>\n<h2>{escape(section.title)}</h2>\n{blocks}\n</section>"


def _block(block: Block) -> str:
    match block:
        case Words(text):
            return f"<p>{escape(text)}</p>"
        case Facts(pairs):
            return f'<dl class="facts">{_pairs(pairs)}</dl>'
        case Entry():
            return _entry(block)
        case Table():
            return _table(block)
        case Blanks(names):
            rows = "".join(f"<div><dt>{escape(name)}</dt><dd></dd></div>" for name in names)
            return f'<dl class="blanks">{rows}</dl>'


def _pairs(pairs: tuple[tuple[str, str], ...]) -> str:
    return "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in pairs)


def _entry(entry: Entry) -> str:
    code = f" <small>{escape(entry.code)}</small>" if entry.code else ""
    mark = f' <span class="mark">{TO_VERIFY}</span>' if entry.mark else ""
    return f"<article><h3>{escape(entry.title)}{code}{mark}</h3><dl>{_pairs(entry.lines)}</dl></article>"


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in table.head)
    rows = "\n".join(_row(table, row) for row in table.rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _row(table: Table, row: tuple[str, ...]) -> str:
    named = zip(table.head, row, strict=True)
    cells = "".join(f'<td data-name="{escape(name)}">{escape(cell)}</td>' for name, cell in named)
    return f"<tr>{cells}</tr>"
