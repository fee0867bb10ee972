"""The next step towards somebody who did not come: by the protocol's days, and never beyond what she agreed to."""

from mentormothers.followup.story import NOT_KNOWN, Story
from mentormothers.protocol.tracing import Tracing, TracingStep

# The ways of a tracing attempt (fact trace.attempt) that count for a step.
_WAYS = {"sms": ("sms",), "phone": ("call",), "home_visit": ("home",), "coordinator": ()}
_SAY = {
    "sms": "Send the reminder she chose",
    "phone": "Call her",
    "home_visit": "Visit her at home",
    "coordinator": "Decide together what to do",
}
# The same of whoever looks after a baby instead of its mother.
_SAY_OF_CARER = _SAY | {
    "sms": "Send the reminder they chose",
    "phone": "Call whoever looks after the baby",
    "home_visit": "Visit the baby at home",
}
NO_CONSENT = "She did not agree to be looked for: mark her in the clinic's list"
REFUSED = "She said no twice: leave her in peace, the door stays open"
NO_CONSENT_OF_CARER = "Whoever looks after the baby did not agree to be contacted: mark it in the clinic's list"
REFUSED_BY_CARER = "Whoever looks after the baby said no twice: leave them in peace, the door stays open"
ASK_WHO_CARES = "Ask at the clinic who looks after the baby: until then nobody calls or visits"
WAIT = "Wait: everything agreed has been tried"
AT_CLINIC = {"mother": "At her next visit", "infant": "At the baby's next visit"}
REFUSALS_THAT_END = 2  # domain rules, section 15


def may_be_looked_for(story: Story) -> bool:
    """Whether anybody may be sent to look for her: she lives, agreed to it, and has not said no twice."""
    return not story.died and "consent.follow_up" in story.consents and story.refusals < REFUSALS_THAT_END


def next_step(tracing: Tracing, story: Story, days_late: int, *, apart: bool = False) -> str:
    """What to do next, in words for a coordinator; `apart`: for a baby whom its mother does not look after."""
    if apart and story.caregiver in ("", NOT_KNOWN):
        return ASK_WHO_CARES
    if "consent.follow_up" not in story.consents:
        return NO_CONSENT_OF_CARER if apart else NO_CONSENT
    if not may_be_looked_for(story):
        return REFUSED_BY_CARER if apart else REFUSED
    say = _SAY_OF_CARER if apart else _SAY
    open_steps = [step for step in tracing.steps if step.day <= days_late and _may(step, story)]
    if not open_steps:
        later = [step for step in tracing.steps if step.day > days_late and _may(step, story)]
        return f"{say[later[0].mode]} from day {later[0].day} on" if later else WAIT
    return say[open_steps[-1].mode]


def _may(step: TracingStep, story: Story) -> bool:
    """She agreed to it, it was not tried often enough yet, and no visit follows a refusal."""
    if step.consent and step.consent not in story.consents:
        return False
    if step.mode == "home_visit" and story.refusals:
        return False
    ways = _WAYS[step.mode]
    return not ways or sum(story.tried.get(way, 0) for way in ways) < step.attempts
