"""A protocol in words that a ministry, a coordinator and an engineer read alike."""

import re
from dataclasses import dataclass
from typing import Literal

from mentormothers.facts.vocabulary import vocabulary
from mentormothers.protocol.checking import counts_from_what_does_it
from mentormothers.protocol.model import Item, Protocol
from mentormothers.protocol.terms import Anchor, EventTerm, Match, Offset, Satisfier, Stop, Term, Unless, Who

Group = Literal["pregnant", "mother", "infant"]
GROUPS: dict[Group, str] = {"pregnant": "Before birth", "mother": "Women and mothers", "infant": "Babies"}

# What a definition says of somebody, and the day on which it begins to hold.
_HOLDS = {
    "mother": ("mother", "the day she is first known as a mother"),
    "pregnant": ("pregnant", "the beginning of the pregnancy"),
    "breastfeeding": ("breastfeeding", "the beginning of breastfeeding"),
    "hiv_positive": ("HIV-positive", "the day she is first known to be HIV-positive"),
    "hiv_negative": ("HIV-negative", "the first negative test"),
    "not_known_positive": ("not known to be HIV-positive", "the day she is first known as a mother"),
    "exposed_infant": ("HIV-exposed baby", "the day the baby became exposed"),
    "high_risk": ("at high risk", "the day from which the risk is high"),
    "low_risk": ("at low risk, as far as known", "the day from which the risk is low"),
}
_CODES = {"neg": "negative", "pos": "positive"}
_ORDINALS = {1: "first", 2: "second", 3: "third"}
_PLAIN = {"child.dob": "birth", "pregnancy.lmp": "the last menstrual period", "enrolled": "enrolment"}
_MODES = {"sms": "a message", "phone": "calls", "home_visit": "home visits", "coordinator": "a decision together"}


@dataclass(frozen=True)
class ItemWords:
    """One item, said. Empty where the item says nothing."""

    group: Group
    whom: str
    due: str
    shown: str
    in_time: str
    missed: str
    beyond: str
    done: str
    ends: str


def say_item(item: Item, protocol: Protocol) -> ItemWords:
    """What is to be done for whom, when it is due, how long it is in time, and what ends it."""
    unless = f"; not while {' or '.join(_unless(one) for one in item.unless)}" if item.unless else ""
    return ItemWords(
        group=_group(item),
        whom=_whom(item.who.text) + _aged(item.who) + _placed(item.who) + unless,
        due=_due(item) + _again(item),
        shown=f"from {_days(item.early_days)} before" if item.early_days else "",
        in_time=f"until {_days(item.grace_days)} after" if item.grace_days else "that day only",
        missed=_missed(item),
        beyond=f"day {_first_lost_day(protocol)}" if item.lost else "",
        done="; or ".join(_does(satisfier) for satisfier in item.satisfied_by),
        ends=_ends(item),
    )


def say_tracing(protocol: Protocol) -> list[str]:
    """Because of what somebody is looked for, and each step."""
    labels = [protocol.item(name).label for name in protocol.tracing.open_when]
    if not labels:
        return []
    steps = [f"from day {s.day}: {_MODES[s.mode]}{_tries(s.attempts, s.mode)}" for s in protocol.tracing.steps]
    return [f"Looked for because of: {'; '.join(labels)}", *steps]


def say_succession(protocol: Protocol) -> str:
    """What it follows, and what that means for those who are in care on the day it starts."""
    if protocol.succeeds is None:
        return ""
    before, rule = protocol.succeeds, protocol.carry_over
    begun = "is finished under that one" if rule.finish else "goes on under this one"
    missed = "is asked all the same" if rule.keep else "is not asked"
    told = f"what began before {begun}; what was missed before, and is new, {missed}"
    return f"{before.id}, version {before.version}: {told}"


def say_offset(offset: Offset) -> str:
    """`6 weeks`, `3 months`, `10 days`."""
    if offset.months:
        years, months = divmod(offset.months, 12)
        return _count(years, "year") if years > 2 and not months else _count(offset.months, "month")
    if offset.days >= 14 and offset.days % 7 == 0:
        return _count(offset.days // 7, "week")
    return _days(offset.days)


def _again(item: Item) -> str:
    """How it comes up again, where that is more than the due date says."""
    if item.repeat is None:
        return ""
    at_most = f", at most {item.repeat.most} times" if item.repeat.most else ""
    every = say_offset(item.repeat.every or item.offset)
    if item.repeat.from_anchor:
        return f", again every {every}{at_most} in all"
    return at_most if counts_from_what_does_it(item) else f", again {every} after it was last done{at_most}"


def _unless(unless: Unless) -> str:
    return f"the latest {_fact(unless.match)}" if unless.match else _HOLDS[unless.definition][0]


def _aged(who: Who) -> str:
    if not who.ages:
        return ""
    since = f"from the age of {say_offset(who.ages.since)}" if who.ages.since else ""
    below = f"below the age of {say_offset(who.ages.below)}" if who.ages.below else ""
    unknown = "also" if who.ages.unknown else "not"
    return f", {' and '.join(filter(None, (since, below)))} ({unknown} where no birth date is known)"


def _placed(who: Who) -> str:
    names = [("where " if place.on else "not where ") + place.setting.replace("_", " ") for place in who.places]
    return f", {' and '.join(names)}" if names else ""


def _group(item: Item) -> Group:
    named = {name for group in item.who.alternatives for name in group}
    return "infant" if "exposed_infant" in named else "pregnant" if "pregnant" in named else "mother"


def _whom(who: str) -> str:
    return re.sub(r"[a-z_]+", lambda m: _HOLDS[m[0]][0] if m[0] in _HOLDS else m[0], who)


def _due(item: Item) -> str:
    if item.offset.supply:
        booked = ", or on the day booked since, whichever is later" if item.offset.booked else ""
        return f"when the days supplied have run out{booked}, counted from {_anchor(item.anchor)}"
    anchor = _anchor(item.anchor)
    if item.offset == Offset():
        return anchor if anchor.startswith("the day") else f"on the day of {anchor}"
    return f"{say_offset(item.offset)} after {anchor}"


def _after(offset: Offset, what: str) -> str:
    return what if offset == Offset() else f"{say_offset(offset)} after {what}"


def _anchor(anchor: Anchor) -> str:
    days = [_term(term) for term in anchor.terms]
    one_of = "the later of" if anchor.pick == "latest" else "the first of"
    text = days[0] if len(days) == 1 else f"{one_of} {', '.join(days[:-1])} and {days[-1]}"
    if anchor.shift_to:
        text = f"the {_label(anchor.shift_to)} of {text}"
    return f"{text}, anew from {_term(anchor.anew)}" if anchor.anew else text


def _term(term: Term) -> str:
    if not isinstance(term, EventTerm):
        return _after(term.plus, _HOLDS[term.definition][1])
    fact = _fact(term.match)
    if fact not in _PLAIN.values():
        fact = f"{'each' if term.which == 'each' else 'the ' + term.which} {fact}"
    return _after(term.plus, f"{fact} since {_fact(term.since)}" if term.since else fact)


def _fact(match: Match) -> str:
    if match.kind in _PLAIN and not match.values and not match.of:
        return _PLAIN[match.kind]
    test = f" ({' or '.join(_CODES.get(v, v.replace('_', ' ')) for v in match.values)})" if match.values else ""
    test += f" of {match.at_least:,} or more" if match.at_least is not None else ""
    test += f" below {match.below:,}" if match.below is not None else ""
    return (f"{match.of}'s " if match.of else "") + _label(match.kind) + test


def _label(kind: str) -> str:
    known = vocabulary().kind(kind)
    label = known.label if known else kind
    return label if label[:2].isupper() else label[0].lower() + label[1:]


def _missed(item: Item) -> str:
    late = f"day {item.grace_days + 1}"
    return late if item.defaulter_days is None else f"{late}; to follow up from day {_first_defaulted_day(item)}"


def _first_defaulted_day(item: Item) -> int:
    return max(item.grace_days + 1, item.defaulter_days or 0)


def _first_lost_day(protocol: Protocol) -> int:
    return protocol.lost.days + (1 if protocol.lost.operator == "gt" else 0)


def _does(satisfier: Satisfier) -> str:
    number = f"the {_ORDINALS.get(satisfier.number, f'{satisfier.number}th')} " if satisfier.number else ""
    parts = [f"{'another ' if satisfier.another else ''}{number}{_fact(satisfier.match)}"]
    parts += ["of that one"] if satisfier.of_anchor else []
    parts += [f"from {_term(satisfier.not_before)} on"] if satisfier.not_before else []
    parts += ["on any day"] if satisfier.any_day else []
    return " ".join(parts)


def _ends(item: Item) -> str:
    ends = [_stop(stop) for stop in item.stop]
    ends += [f"{say_offset(item.last_day)} after {_anchor(item.anchor)}"] if item.last_day else []
    ends += ["when the next step of the series opens"] if item.series else []
    return "; ".join(ends)


def _stop(stop: Stop) -> str:
    if stop.match is None:
        return f"found {_HOLDS[stop.definition][0]}"
    return f"{_fact(stop.match)} until {_fact(stop.until)}" if stop.until else _fact(stop.match)


def _tries(attempts: int, mode: str) -> str:
    return "" if mode == "coordinator" else f", at most {attempts}"


def _days(days: int) -> str:
    return _count(days, "day")


def _count(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
