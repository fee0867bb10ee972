"""The examples of the page on the protocol language, taken out of its text so that they can be tried.

An example is a `yaml` block. A `csv` block of facts and one of rows may follow it, or a `text` block with what is said
of it where it is wrong. The page says in "How to read the examples" what is filled in where an example is a part only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{2,3} (.+)$", re.MULTILINE)
_FILE_NAME = re.compile(r"# (?:\S+/)?([a-z0-9-]+\.yaml)\n")
_HEAD: dict[str, Any] = {
    "id": "XX-2026",
    "version": 1,
    "title": "An example",
    "effective_from": date(2020, 1, 1),
    "lost": {"rule": "gt28"},
}
_ITEM = {
    "id": "XX.ITEM",
    "label": "An example",
    "who": "mother",
    "anchor": "delivery",
    "offset": {"days": 3},
    "satisfied_by": "pnc.contact",
}


@dataclass
class Example:
    """One example: its place on the page, the protocol files, facts, and the rows or the words that are expected.

    files  by name; the last is the example, the others are named by the section before it
    """

    section: str
    line: int
    files: dict[str, str]
    facts: str = ""
    rows: str = ""
    refused: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Where it stands."""
        return f"{self.section}, line {self.line}"

    def write(self, folder: Path) -> Path:
        """The protocol file, whole, with those it may extend beside it."""
        for name, text in self.files.items():
            (folder / name).write_text(_whole(text), encoding="utf-8")
        return folder / list(self.files)[-1]


def examples(page: str) -> list[Example]:
    """Those of a page, in order."""
    found: list[Example] = []
    for section, line, language, text in _blocks(page):
        if language == "yaml":
            before = [one for one in found if one.section == section and _FILE_NAME.match(_last(one))]
            earlier = {name: content for one in before for name, content in one.files.items()}
            found.append(Example(section, line, earlier | {_file_name(text): text}))
        elif language == "csv" and text.startswith("as_of"):
            found[-1].rows += text
        elif language == "csv":
            found[-1].facts += text
        elif language == "text":
            found[-1].refused.append(text.strip())
    return found


def _blocks(page: str) -> Iterator[tuple[str, int, str, str]]:
    """Section, line, language and text of each block."""
    headings = [(m.start(), m[1]) for m in _HEADING.finditer(page)]
    for block in _BLOCK.finditer(page):
        section = [title for start, title in headings if start < block.start()][-1]
        yield section, page.count("\n", 0, block.start()) + 1, block[1], block[2]


def _last(example: Example) -> str:
    return list(example.files.values())[-1]


def _file_name(text: str) -> str:
    """The one in the comment of its first line."""
    named = _FILE_NAME.match(text)
    return named[1] if named else "xx-2026.yaml"


def _whole(text: str) -> str:
    """The text itself where it is a whole protocol; or with the words of a head, or the item, that it leaves out."""
    content = yaml.safe_load(text)
    if isinstance(content, dict) and set(content) >= {"id", "version", "items"}:
        return text
    given = {"items": content} if isinstance(content, list) else content
    missing = {name: value for name, value in {**_HEAD, "items": [_ITEM]}.items() if name not in given}
    head = yaml.safe_dump(missing, sort_keys=False)
    return f"{head}items:\n{text}" if isinstance(content, list) else head + text
