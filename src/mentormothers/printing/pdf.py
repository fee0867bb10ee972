"""A printed page as PDF on A4, set by Typst with fonts of its own: the same page gives the same bytes."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typst

from mentormothers.printing.page import TO_VERIFY, Block, Page, Section

_TEMPLATE = Path(__file__).parent / "page.typ"


def pdf(page: Page) -> bytes:
    """The document, tagged for screen readers. The words reach Typst as data, never as its language."""
    told = json.dumps({**asdict(page), "sections": [_section(one) for one in page.sections], "mark": TO_VERIFY})
    made = typst.compile(_TEMPLATE, format="pdf", ignore_system_fonts=True, sys_inputs={"page": told})
    assert isinstance(made, bytes)
    return made


def _section(section: Section) -> dict[str, Any]:
    return {**asdict(section), "blocks": [_block(one) for one in section.blocks]}


def _block(block: Block) -> dict[str, Any]:
    return {"sort": type(block).__name__} | asdict(block)
