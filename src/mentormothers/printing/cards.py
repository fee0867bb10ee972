"""Clients' cards as PDF, printed before anybody has one: a QR and its code, and nothing of what it is for."""

import json
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import segno
import typst

from mentormothers.facts.card_code import in_groups

_TEMPLATE = Path(__file__).parent / "cards.typ"


def cards_pdf(codes: Sequence[str], words: str) -> bytes:
    """One card as a page of its own size, several as sheets of A4 with ten each; `words` stand on each."""
    cards = [{"code": in_groups(code), "drawing": _drawing(code)} for code in codes]
    told = json.dumps({"title": "Cards", "words": words, "cards": cards, "single": len(cards) == 1})
    made = typst.compile(_TEMPLATE, format="pdf", ignore_system_fonts=True, sys_inputs={"cards": told})
    assert isinstance(made, bytes)
    return made


def _drawing(code: str) -> str:
    """The QR as SVG; much of it may be scratched off before it is not read any more."""
    out = BytesIO()
    segno.make_qr(code, error="h").save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()
