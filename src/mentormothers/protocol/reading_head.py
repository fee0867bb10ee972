"""Reading the head of a protocol file: what holds for all items, where it comes from, what is left out and why."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mentormothers.protocol.extending import Omitted
from mentormothers.protocol.lost_rules import LOST_RULES
from mentormothers.protocol.model import CarryOver, LostRule
from mentormothers.protocol.phrases import Phrases, each_of
from mentormothers.protocol.provenance import LeftOut, Setting, Signature, Source
from mentormothers.protocol.tracing import MODES, Tracing, TracingStep
from mentormothers.protocol.yaml_file import day_in, line_of, listed, mapping, named, said, whole, word, yes_or_no

ORIGIN = {"source", "basis", "verify"}
_STEP = {"day", "mode", "consent", "attempts"}
_SETTING = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_EPISODES = ("finish", "switch")
_MISSED = ("keep", "drop")


def lost_in(content: object) -> LostRule:
    """A named rule, or days and operator."""
    fields = mapping(content, {"rule", "days", "operator", *ORIGIN}, "lost")
    if "rule" in fields:
        if word(fields, "rule") not in LOST_RULES or {"days", "operator"} & set(fields):
            raise ValueError(f"lost: rule is one of {', '.join(LOST_RULES)}; without one, give days and operator")
        return LOST_RULES[fields["rule"]].rule
    if fields.get("operator") not in ("gt", "ge"):
        raise ValueError("lost: operator is gt (more than) or ge (at least)")
    return LostRule(whole(fields, "days"), fields["operator"])


def carry_over_in(head: Mapping[str, Any]) -> CarryOver:
    """What becomes of those who are in care on the day a version starts."""
    if "carry_over" not in head:
        if "succeeds" in head:
            raise ValueError(f"succeeds goes with carry_over: {{episodes: {_or(_EPISODES)}, missed: {_or(_MISSED)}}}")
        return CarryOver()
    if "succeeds" not in head:
        raise ValueError("carry_over goes with succeeds: the protocol that was in force before")
    fields = mapping(head["carry_over"], {"episodes", "missed"}, "carry_over")
    episodes, missed = _one_of(fields, "episodes", _EPISODES), _one_of(fields, "missed", _MISSED)
    return CarryOver(finish=episodes == "finish", keep=missed == "keep")


def _one_of(fields: Mapping[str, Any], name: str, allowed: Sequence[str]) -> str:
    value = word(fields, name)
    if value not in allowed:
        raise ValueError(f"{name} is {_or(allowed)}")
    return value


def _or(words: Sequence[str]) -> str:
    return " or ".join(words)


def signature_in(head: Mapping[str, Any]) -> Signature | None:
    """Who signed it, and what. Empty: nobody has."""
    if head.get("signed_off_by") in (None, ""):
        return None
    fields = mapping(head["signed_off_by"], {"name", "on", "content"}, "signed_off_by")
    return Signature(word(fields, "name"), day_in(fields, "on"), word(fields, "content"))


def omitted_in(entry: object) -> Omitted:
    """An item that the file does without, and why."""
    fields = mapping(entry, {"id", "why"}, "an entry of without")
    name = word(fields, "id")
    return Omitted(name, word(fields, "why"), f"{line_of(entry)}without {name}: ")


def names_in(fields: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """One id or a list of them."""
    return tuple(dict.fromkeys(each_of(fields[name], str))) if name in fields else ()


def settings_in(head: Mapping[str, Any]) -> tuple[Setting, ...]:
    """The lost rule, tracing, and whatever else the file sets."""
    found = []
    if "lost" in head:
        rule = lost_in(head["lost"])
        sign = "more than" if rule.operator == "gt" else "at least"
        found.append(_setting("lost", f"{sign} {rule.days} days late", head["lost"]))
    if "tracing" in head:
        found.append(_setting("tracing", "what somebody is looked for because of, and how", head["tracing"]))
    for name, entry in named(head, "settings").items():
        found.append(_own_setting(name, entry))
    return tuple(found)


def _own_setting(name: str, entry: object) -> Setting:
    """A value in words; or yes or no, which items may ask for by `where`."""
    fields = mapping(entry, {"value", "except_at", *ORIGIN}, f"setting {name}")
    value = fields.get("value")
    if not isinstance(value, bool):
        if "except_at" in fields:
            raise ValueError(f"setting {name}: except_at goes with a value of true or false")
        return _setting(name, word(fields, "value"), fields)
    if not _SETTING.fullmatch(name):
        raise ValueError(f"setting {name}: has small letters, digits and underscores, so that `where` can name it")
    sites = names_in(fields, "except_at")
    text = ("yes" if value else "no") + (f"; the other way round at {', '.join(sites)}" if sites else "")
    return replace(_setting(name, text, fields), on=value, sites=sites)


def _setting(name: str, value: str, fields: Mapping[str, Any]) -> Setting:
    return Setting(name, value, said(fields, "source"), said(fields, "basis"), yes_or_no(fields, "verify"))


def source_in(name: str, entry: object) -> Source:
    """A text that values are from."""
    fields = mapping(entry, {"title", "where", "read"}, f"source {name}")
    return Source(name, word(fields, "title"), word(fields, "where"), word(fields, "read"))


def left_out_in(entry: object) -> LeftOut:
    """Something that is not said, and why."""
    fields = mapping(entry, {"id", "what", "why"}, "an entry of left_out")
    return LeftOut(word(fields, "id"), word(fields, "what"), word(fields, "why"))


def tracing_in(content: object, phrases: Phrases) -> Tracing:
    """Because of which items somebody is looked for, and how."""
    fields = mapping(content, {"open_when", "steps", *ORIGIN}, "tracing")
    steps = [mapping(step, _STEP, "a tracing step") for step in listed(fields, "steps")]
    return Tracing(
        open_when=each_of(listed(fields, "open_when"), str),
        steps=tuple(
            TracingStep(
                day=whole(step, "day"),
                mode=_mode(step),
                consent=phrases.match(word(step, "consent")).kind if "consent" in step else "",
                attempts=whole(step, "attempts", 1),
            )
            for step in steps
        ),
    )


def _mode(step: Mapping[str, Any]) -> Any:
    mode = word(step, "mode")
    if mode not in MODES:
        raise ValueError(f"tracing by {mode!r} is unknown. Please use one of: {', '.join(MODES)}")
    return mode
