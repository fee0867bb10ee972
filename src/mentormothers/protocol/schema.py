"""The words of protocol files for editors, as a JSON Schema: what each means and takes, shown while one writes.

One entry per word. `protocol/reading.py` reads the same words, and stays the judge of them: a test compares the two.
"""

import json
from typing import Any

from mentormothers.facts.vocabulary import Vocabulary, vocabulary
from mentormothers.protocol.lost_rules import LOST_RULES
from mentormothers.protocol.patterns import patterns
from mentormothers.protocol.terms import LONGEST_DAYS, LONGEST_YEARS, MOST_TIMES
from mentormothers.protocol.tracing import MODES

Schema = dict[str, Any]

FILE_NAME = "protocol.schema.json"  # beside the library's protocols, which name it in their first line
_CONTROL = r"\x00-\x08\x0b-\x1f\x7f"
_PAGE = "docs/reference/protocol-language.md"


def protocol_schema(words: Vocabulary | None = None) -> Schema:
    """The schema of a protocol file, draft 7, which every editor knows. Kinds and codes are the vocabulary's."""
    head = _lines(HEAD, ["id", "version", "title", "effective_from", "items"])
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Protocol",
        "description": f"A care protocol of Mentor Mothers; the language stands in {_PAGE}.",
        **head,
        "anyOf": [{"required": ["lost"]}, {"required": ["extends"]}],
        "definitions": {name: _phrase(name, pattern) for name, pattern in patterns(words or vocabulary()).items()},
    }


def schema_file() -> str:
    """The schema as the library keeps it, in JSON."""
    return json.dumps(protocol_schema(), indent=1, ensure_ascii=False) + "\n"


def _lines(words: dict[str, Schema], required: list[str], description: str = "") -> Schema:
    """`name: value` lines with these words and no others."""
    found: Schema = {"type": "object", "properties": words, "required": required, "additionalProperties": False}
    return found | ({"description": description} if description else {})


def _text(description: str) -> Schema:
    """Something that can be shown: no control characters but line ends and tabs."""
    return {"type": "string", "pattern": rf"^[^{_CONTROL}]*[^\s{_CONTROL}][^{_CONTROL}]*$", "description": description}


def _name(description: str, longest: int = 60, more: str = "._") -> Schema:
    return {
        "type": "string",
        "pattern": rf"^\s*[A-Za-z0-9][A-Za-z0-9{more}-]{{0,{longest - 1}}}\s*$",
        "description": description,
    }


def _whole(description: str, least: int = 0, most: int = 3660) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most, "description": description}


def _mark(description: str) -> Schema:
    return {"type": "boolean", "description": description}


def _day(description: str) -> Schema:
    return {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$", "description": description}


def _one_of(found: list[str], description: str) -> Schema:
    return {"enum": found, "description": description}


def _list(entry: Schema, description: str = "") -> Schema:
    return {"type": "array", "items": entry} | ({"description": description} if description else {})


def _one_or_more(entry: Schema, description: str, least: int = 1) -> Schema:
    return {"anyOf": [entry, _list(entry) | {"minItems": least}], "description": description}


def _one_word(words: dict[str, Schema]) -> Schema:
    """Just one of these words."""
    return _lines(words, []) | {"minProperties": 1, "maxProperties": 1}


def _say(name: str, description: str = "") -> Schema:
    """A phrase, by its definition; the description is that of the word."""
    return {"allOf": [{"$ref": f"#/definitions/{name}"}]} | ({"description": description} if description else {})


_EXAMPLES = {
    "start": ["start of exposed_infant"],
    "day": ["child.dob + 6 weeks", "first hiv.test = pos", "start of hiv_positive"],
    "anchor": ["child.dob", "first anc.contact since pregnancy.lmp", "each vl.result >= 1000"],
    "satisfier": ["anc.contact", "eac.session#2", "another eid.sample", "art.dispense on any day"],
    "stop": ["death", "refused = art|all", "eid.result = pos until eid.result = neg", "hiv_positive"],
    "match": ["vl.result >= 1000"],
    "unless": ["vl.result >= 1000", "pregnant"],
    "who": ["exposed_infant", "hiv_positive and (pregnant or breastfeeding)"],
}


def _phrase(name: str, pattern: str) -> Schema:
    examples = _EXAMPLES[name]
    said = f"Not a phrase of this language. Examples: {'; '.join(examples)}. All: {_PAGE}"
    return {
        "type": "string",
        "maxLength": 200,
        "pattern": pattern,
        "examples": examples,
        "patternErrorMessage": said,  # editors show it in place of the pattern
    }


ORIGIN = {
    "source": _text("The id of one of `sources`: the text that the value is from."),
    "basis": _text("Which part of the value is from the source, and why it is so."),
    "verify": _mark("Nobody has confirmed the value from the primary guideline's text."),
}


def _distance(years: int) -> dict[str, Schema]:
    """A distance of at most so many years, in each unit."""
    days = years * LONGEST_DAYS // LONGEST_YEARS
    return {
        "days": _whole("Days.", most=days),
        "weeks": _whole("Weeks.", most=days // 7),
        "ga_weeks": _whole("Weeks of gestation, counted from the last period.", most=days // 7),
        "months": _whole(
            "Calendar months; the end of a shorter month stands for a day that it has not.", most=years * 12
        ),
        "years": _whole("Years of twelve calendar months.", most=years),
    }


DISTANCE = _distance(LONGEST_YEARS)
_DISTANCE, _AGE = _one_word(DISTANCE), _one_word(_distance(120))
PICKED = {
    "latest_of": _one_or_more(_say("day"), "The later of these days; the first must be known."),
    "first_of": _one_or_more(_say("day"), "The earliest of these days that are known."),
    "anew_at": _say("start", "Counted anew from this day, if that is later."),
}
REPEAT = {
    "every": _DISTANCE | {"description": "The distance from one time to the next; the offset where it does not say."},
    "from": _one_of(
        ["last", "anchor"], "last: counted from the last time it was done; anchor: always from the anchor."
    ),
    "most": _whole("At most so many times.", least=1, most=MOST_TIMES),
}
AGES = {
    "from": _AGE | {"description": "From the day she reaches this age."},
    "below": _AGE | {"description": "Until the day before she reaches this age."},
    "unknown": _one_of(["in", "out"], "Whether it is for somebody of whom no birth date is known."),
}
ITEM = {
    "id": _name("Its name in reports, such as WHO.ANC1."),
    "label": _text("What people call it."),
    "who": _say("who", "For whom: definitions joined by and, or, parentheses."),
    "anchor": {
        "description": "The day it is counted from: a phrase, or latest_of or first_of with several.",
        "anyOf": [
            _say("anchor"),
            _lines(PICKED, []) | {"oneOf": [{"required": ["latest_of"]}, {"required": ["first_of"]}]},
        ],
    },
    "offset": {
        "description": "Due so long after the anchor; days_supplied: when the supply it is counted from runs out; "
        "days_supplied_or_booked: then or on the day booked since, whichever is later.",
        "anyOf": [_DISTANCE, {"enum": ["days_supplied", "days_supplied_or_booked"]}],
    },
    "satisfied_by": _one_or_more(_say("satisfier"), "The fact, or one of the facts, that does it."),
    "early_days": _whole("It opens so many days before it is due."),
    "grace_days": _whole("It is due until so many days after; then overdue."),
    "defaulter_days": _whole("From so many days late on it is defaulted."),
    "lost": _mark("Beyond the protocol's lost line it is lost."),
    "last_day": _DISTANCE | {"description": "After the anchor and this it is expired."},
    "series": _name("The series that it is a step of: a fact counts for the step whose opening it has reached."),
    "repeat": {
        "description": "It comes up again: last, by the offset from the last time it was done; or as these words say.",
        "anyOf": [{"const": "last"}, _lines(REPEAT, [])],
    },
    "stop": _one_or_more(_say("stop"), "Facts or definitions that end it.", least=0),
    "unless": _one_or_more(
        _say("unless"), "Not now, while the latest fact of that kind says so, or the definition holds.", least=0
    ),
    "ages": _lines(AGES, ["unknown"], "Of which ages those are that it is for."),
    "where": _one_or_more(
        {"type": "string", "pattern": r"^\s*(?:not\s+)?[a-z][a-z0-9_]{0,39}\s*$"},
        "Only where this setting of yes or no is on, or `not` on: not malaria_endemic.",
        least=0,
    ),
    "shares": _one_or_more(_text("The id of an item."), "Items that the same fact does too.", least=0),
    "note": _text("What else is to be known, such as a regimen: for the office, never for the phone."),
    "replaces": _one_or_more(_text("The id of an item."), "Items of extended protocols whose place it takes.", least=0),
    **ORIGIN,
}
LOST = {
    "rule": _one_of(list(LOST_RULES), "A line that has a name."),
    "days": _whole("Days late."),
    "operator": _one_of(["gt", "ge"], "gt: more than so many days late; ge: at least."),
    **ORIGIN,
}
STEP = {
    "day": _whole("From so many days late on.", most=366),
    "mode": _one_of(list(MODES), "How she is reached."),
    "consent": _say("match", "The consent it needs, such as consent.phone."),
    "attempts": _whole("At most so many times; once where it does not say.", least=1, most=20),
}
TRACING = {
    "open_when": _list(_text("The id of an item."), "The items because of which somebody is looked for."),
    "steps": _list(_lines(STEP, ["day", "mode"]), "What is done, from which day late on."),
    **ORIGIN,
}
SETTING = {
    "value": {
        "description": "What holds, in words; or true or false, which items ask for by `where`.",
        "anyOf": [_text("In words."), {"type": "boolean"}],
    },
    "except_at": _one_or_more(_text("A site."), "Sites where a setting of yes or no is the other way round.", least=0),
    **ORIGIN,
}
SOURCE = {
    "title": _text("What the text is called."),
    "where": _text("Where it is found: an address, a page."),
    "read": _text("How it was read: primary-read, secondary-read, unverified, design …"),
}
LEFT_OUT = {
    "id": _text("The id of what is left out."),
    "what": _text("What it is about."),
    "why": _text("Why the protocol does not say it."),
}
OMITTED = {"id": _text("The id of an item of an extended protocol."), "why": _text("Why it is not taken over.")}
SIGNATURE = {
    "name": _text("Who signed, such as a ministry."),
    "on": _day("The day of the signature."),
    "content": _text("The fingerprint of what was signed, as `mentormothers protocol check` prints it."),
}
CARRY_OVER = {
    "episodes": _one_of(
        ["finish", "switch"], "finish: what began before goes on under the version it began with; switch: under this."
    ),
    "missed": _one_of(["keep", "drop"], "keep: what was missed before is asked all the same; drop: it is not."),
}
HEAD = {
    "id": _name("Its name in reports, such as XX-2026; the file is called so too.", longest=40, more=""),
    "version": {"type": "integer", "description": "A whole number, raised with every change."},
    "title": _text("What people call it."),
    "effective_from": _day("The day from which on it counts."),
    "extends": _one_or_more(_text("The id of a protocol."), "The protocols it is laid on.", least=0),
    "without": _list(_lines(OMITTED, ["id", "why"]), "Items of extended protocols that are not taken over."),
    "succeeds": _text("The file, without .yaml, of the version that was in force before."),
    "carry_over": _lines(
        CARRY_OVER, ["episodes", "missed"], "What becomes of those who are in care on the day it starts."
    ),
    "lost": _lines(LOST, [], "Beyond which line somebody counts as lost: a rule, or days and operator.")
    | {
        "oneOf": [{"required": ["rule"]}, {"required": ["days"]}],
        "dependencies": {"days": ["operator"], "operator": ["days"]},
    },
    "signed_off_by": {
        "description": 'Who signed it, when, and the fingerprint of what was signed; "" where nobody has.',
        "anyOf": [{"const": ""}, _lines(SIGNATURE, ["name", "on", "content"])],
    },
    "verify": _mark("Nobody held the whole of it against the guideline's own text."),
    "settings": {
        "type": "object",
        "additionalProperties": _lines(SETTING, ["value"]),
        "description": "What holds for all items, in words.",
    },
    "sources": {
        "type": "object",
        "additionalProperties": _lines(SOURCE, ["title", "where", "read"]),
        "description": "The texts that values are from, by id.",
    },
    "tracing": _lines(TRACING, [], "How somebody who did not come is looked for."),
    "items": _list(
        _lines(ITEM, ["id", "label", "who", "anchor", "offset", "satisfied_by"]),
        "What is to be done: for whom, when, and what ends it.",
    )
    | {"minItems": 1},
    "left_out": _list(_lines(LEFT_OUT, ["id", "what", "why"]), "What it does not say of its guideline, and why."),
}
