"""Where a protocol's values come from, which of them nobody has verified, what it leaves out and why, who signed it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Source:
    """A text that values were taken from.

    where  its address
    read   how it was read: primary-read, secondary-read, unverified, design …
    """

    id: str
    title: str
    where: str
    read: str


@dataclass(frozen=True)
class Setting:
    """A value that holds for the whole protocol, in words, with where it is from.

    on      for a setting of yes or no: which of them, where nothing else is said
    sites   sites where it is the other way round
    verify  not confirmed from the primary guideline's text
    """

    id: str
    value: str
    source: str = ""
    basis: str = ""
    verify: bool = False
    on: bool | None = None
    sites: tuple[str, ...] = ()

    @property
    def unverified(self) -> bool:
        """Whether nobody has confirmed it; so too where it has no source."""
        return self.verify or not self.source


@dataclass(frozen=True)
class LeftOut:
    """Something of the guideline, or of an item here, that this protocol does not say; and why."""

    id: str
    what: str
    why: str


@dataclass(frozen=True)
class Signature:
    """Who signed a protocol off, on which day, and the fingerprint of the content that was signed."""

    name: str
    on: date
    content: str
