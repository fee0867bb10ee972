"""Reading protocol files: from YAML to checked nodes, with errors that say where, what and what to do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mentormothers import PROGRAMME
from mentormothers.facts.vocabulary import Vocabulary, vocabulary
from mentormothers.protocol.checking import refuse
from mentormothers.protocol.extending import Laid
from mentormothers.protocol.model import Protocol
from mentormothers.protocol.phrases import Phrases
from mentormothers.protocol.reading_head import (
    carry_over_in,
    left_out_in,
    lost_in,
    names_in,
    omitted_in,
    settings_in,
    signature_in,
    source_in,
    tracing_in,
)
from mentormothers.protocol.reading_items import items_in
from mentormothers.protocol.yaml_file import (
    YamlError,
    day_in,
    listed,
    mapping,
    named,
    place_of,
    read_yaml,
    said,
    whole,
    word,
    yes_or_no,
)

_HEAD = {
    "id", "version", "title", "effective_from", "extends", "without", "lost", "signed_off_by", "verify", "settings",
    "sources", "tracing", "items", "left_out", "succeeds", "carry_over",
}  # fmt: skip
_MOST_EXTENDED = 10  # protocols within one another
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}", re.ASCII)


class ProtocolError(Exception):
    """A protocol file that cannot be used; each line names file, line and item, says what is wrong and what to do."""


def read_protocol(path: Path, words: Vocabulary | None = None) -> Protocol:
    """Read and check one protocol file with what it extends: files beside it, or of the programme's library."""
    return _Files(Phrases(words or vocabulary())).read(path)


def find_protocol(name: str, folder: Path = PROGRAMME / "protocols") -> Protocol:
    """The protocol in this file, or the one of this id in the programme's library."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or path.exists():
        return read_protocol(path)
    known = {p.stem.upper(): p for p in sorted(folder.glob("*.yaml"))}
    if name.upper() not in known:
        raise ProtocolError(f"no protocol {name!r}. Please name a YAML file or one of: {', '.join(known)}")
    return read_protocol(known[name.upper()])


@dataclass
class _Files:
    """Reads a file with those that it extends: each once, and none within itself."""

    phrases: Phrases
    known: dict[Path, Protocol] = field(default_factory=dict)
    within: list[Path] = field(default_factory=list)

    def read(self, path: Path) -> Protocol:
        """Raises ProtocolError."""
        if path not in self.known:
            self.within.append(path)
            try:
                self.known[path] = self._protocol(read_yaml(path), path)
            except YamlError as error:
                raise ProtocolError(str(error)) from None
            except ValueError as error:
                raise ProtocolError("\n".join(f"{path}: {line}" for line in str(error).split("\n"))) from None
            self.within.pop()
        return self.known[path]

    def _protocol(self, content: object, path: Path) -> Protocol:
        head = mapping(content, _HEAD, "the protocol")
        if not isinstance(head.get("items"), list):
            raise ValueError("items is a list")
        own = items_in(listed(head, "items"), self.phrases, path.name)
        bases = [self._extended(name, path, place_of(head, "extends")) for name in names_in(head, "extends")]
        laid = Laid(bases, place_of(head, "extends"), own, [omitted_in(one) for one in listed(head, "without")])
        refuse(laid.faults())
        before = self._found(said(head, "succeeds"), path, place_of(head, "succeeds")) if "succeeds" in head else None
        return _laid(head, laid, self.phrases, before)

    def _extended(self, name: str, path: Path, place: str) -> Protocol:
        base = self._found(name, path, place)
        if base.id != name:
            raise ValueError(f"{place}{name} is a file of protocol {base.id}. Please name the one or the other")
        return base

    def _found(self, name: str, path: Path, place: str) -> Protocol:
        """The protocol in the file of this name, beside the one that names it or in the library."""
        beside = {p.stem.upper(): p for p in sorted(path.parent.glob("*.yaml"))}
        library = {p.stem.upper(): p for p in sorted((PROGRAMME / "protocols").glob("*.yaml"))}
        found = (library | beside).get(name.upper()) if _ID.fullmatch(name) else None
        if found is None:
            raise ValueError(f"{place}no protocol {name!r}. Please name one of: {', '.join(library)}")
        if found in self.within or len(self.within) > _MOST_EXTENDED:
            chain = " -> ".join(p.name for p in (*self.within, found))
            raise ValueError(f"{place}{name} leads back to itself, or to too many others: {chain}. Please take one out")
        return self.read(found)


def _laid(head: Mapping[str, Any], laid: Laid, phrases: Phrases, before: Protocol | None) -> Protocol:
    """The protocol that a file and what it extends make together."""
    day_in(head, "effective_from")
    if not _ID.fullmatch(word(head, "id")):
        raise ValueError("id has 1 to 40 letters without accents, digits and hyphens")
    try:
        whole_of_it = replace(_together(head, laid, phrases), succeeds=before, carry_over=carry_over_in(head))
        return replace(whole_of_it, signed_off_by=signature_in(head))  # last: it is of everything else
    except ValueError as error:
        raise ValueError("\n".join(laid.placed(line) for line in str(error).split("\n"))) from None


def _together(head: Mapping[str, Any], laid: Laid, phrases: Phrases) -> Protocol:
    return Protocol(
        id=word(head, "id"),
        version=whole(head, "version"),
        title=word(head, "title"),
        effective_from=day_in(head, "effective_from"),
        lost=lost_in(head.get("lost")) if "lost" in head or not laid.bases else laid.bases[0].lost,
        items=laid.items(),
        tracing=tracing_in(head["tracing"], phrases) if "tracing" in head else laid.tracing(),
        verify=yes_or_no(head, "verify") or any(base.verify for base in laid.bases),
        settings=laid.settings(settings_in(head)),
        sources=laid.sources([source_in(name, entry) for name, entry in named(head, "sources").items()]),
        left_out=laid.left_out([left_out_in(entry) for entry in listed(head, "left_out")]),
        extends=tuple(base.id for base in laid.bases),
    )
