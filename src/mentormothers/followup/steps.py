"""The next step towards somebody who did not come: by the protocol's days, and never beyond what she agreed to."""

from mentormothers.followup.story import Story
from mentormothers.protocol.tracing import Tracing, TracingStep

# The ways of a tracing attempt (fact trace.attempt) that count for a step.
_WAYS = {"sms": ("sms",), "phone": ("call",), "home_visit": ("home",), "coordinator": ()}
_SAY = {
    "sms": "Send the reminder she chose",
    "phone": "Call her",
    "home_visit": "Visit her at home",
    "coordinator": "Decide together what to do",
}
NO_CONSENT = "She did not agree to be looked for: mark her in the clinic's list"
REFUSED = "She said no twice: leave her in peace, the door stays open"
WAIT = "Wait: everything agreed has been tried"
AT_CLINIC = {"mother": "At her next visit", "infant": "At the baby's next visit"}
REFUSALS_THAT_END = 2  # domain rules, section 15


def may_be_looked_for(story: Story) -> bool:
    """Whether anybody may be sent to look for her: she agreed to it, and has not said no twice."""
    return "consent.follow_up" in story.consents and story.refusals < REFUSALS_THAT_END


def next_step(tracing: Tracing, story: Story, days_late: int) -> str:
    """What to do next, in words for a coordinator."""
    if "consent.follow_up" not in story.consents:
        return NO_CONSENT
    if not may_be_looked_for(story):
        return REFUSED
    open_steps = [step for step in tracing.steps if step.day <= days_late and _may(step, story)]
    if not open_steps:
        later = [step for step in tracing.steps if step.day > days_late and _may(step, story)]
        return f"{_SAY[later[0].mode]} from day {later[0].day} on" if later else WAIT
    return _SAY[open_steps[-1].mode]


def _may(step: TracingStep, story: Story) -> bool:
    """She agreed to it, it was not tried often enough yet, and no visit follows a refusal."""
    if step.consent and step.consent not in story.consents:
        return False
    if step.mode == "home_visit" and story.refusals:
        return False
    ways = _WAYS[step.mode]
    return not ways or sum(story.tried.get(way, 0) for way in ways) < step.attempts
