"""The languages of a form: whether each is complete, and whether somebody who speaks it has checked it.

A translation that nobody has checked carries its code in the settings sheet, column `attribute::mm:unchecked`. It can
be chosen in the demo and nowhere else.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from mentormothers.forms.model import Form
from mentormothers.forms.sheets import Fault, Row

_TRANSLATED = ("label", "hint", "constraint_message")
_LANGUAGE = re.compile(r"(.+)::(.+ \((\w+)\))")


def faults_of_languages(form: Form, sheets: Mapping[str, Sequence[Row]], *, production: bool) -> Iterator[Fault]:
    """What is not translated; and for a programme with real people, what nobody has checked."""
    usual = form.languages[0] if form.languages else ""
    for code in form.languages[1:]:
        for sheet in ("survey", "choices"):
            yield from _missing(sheet, sheets.get(sheet, ()), usual, code)
        if not form.titles.get(code):
            yield Fault(
                "settings", 2, f"the title is not translated ({code})", f"Please fill in attribute::mm:title_{code}."
            )
    for code in sorted(set(form.unchecked) - set(form.languages[1:])):
        yield Fault(
            "settings", 2, f"attribute::mm:unchecked names {code!r}, in which the form is not written",
            "Please give codes such as ny, parted by spaces.",
        )  # fmt: skip
    for code in form.unchecked if production else ():
        yield Fault(
            "settings", 2, f"nobody who speaks it has checked the language {code!r}",
            "Please have it read by a speaker, then remove it from attribute::mm:unchecked.",
        )  # fmt: skip


def without_languages(form: Form, xform: str, codes: Iterable[str]) -> tuple[Form, str]:
    """The form and its XForm without some of its languages."""
    left_out = set(codes)
    for code in left_out:
        # As text: an XML library would write the whole form anew, with other prefixes than pyxform's.
        xform = re.sub(rf'<translation [^>]*lang="[^"]*\({code}\)".*?</translation>', "", xform, flags=re.DOTALL)
    kept = tuple(code for code in form.languages if code not in left_out)
    titles = {code: title for code, title in form.titles.items() if code not in left_out}
    unchecked = tuple(code for code in form.unchecked if code not in left_out)
    return replace(form, languages=kept, titles=titles, unchecked=unchecked), xform


def _missing(sheet: str, rows: Sequence[Row], usual: str, code: str) -> Iterator[Fault]:
    columns = {column for row in rows for column in row.cells}
    named = {(m[1], m[3]): column for column in columns if (m := _LANGUAGE.fullmatch(column))}
    for row in rows:
        for what in _TRANSLATED:
            source, target = named.get((what, usual)), named.get((what, code))
            if source and row.cells.get(source) and not (target and row.cells.get(target)):
                whose = row.cells.get("name", "")
                yield Fault(
                    sheet, row.number, f"{whose}: {what} is not translated ({code})", "Please fill in this cell."
                )
