"""What a printed page is made of: words in blocks, without a thought of how they are set."""

from dataclasses import dataclass

TO_VERIFY = "to be verified"  # the mark of an entry, in words: it is read in black and white


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Facts:
    """What is to be known at a glance: names and values."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Entry:
    """One thing with its name, and what is to be said of it line by line. mark: to be verified."""

    title: str
    code: str
    mark: bool
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """Rows under a head; `wide` is the column (from 0) that gets the room that is left."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wide: int


@dataclass(frozen=True)
class Blanks:
    """Lines to write on by hand."""

    names: tuple[str, ...]


Block = Words | Facts | Entry | Table | Blanks


@dataclass(frozen=True)
class Section:
    """A heading with its blocks. new_page: it begins on a page of its own."""

    title: str
    blocks: tuple[Block, ...]
    new_page: bool = False


@dataclass(frozen=True)
class Page:
    """A whole printed document. `notice` stands in a box beneath the title, `foot` on every sheet."""

    title: str
    subtitle: str
    notice: str
    foot: str
    sections: tuple[Section, ...]
