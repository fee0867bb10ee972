"""Looking for somebody who did not come: because of which items, and how, step by step."""

from dataclasses import dataclass
from typing import Literal, get_args

Mode = Literal["sms", "phone", "home_visit", "coordinator"]
MODES: tuple[Mode, ...] = get_args(Mode)


@dataclass(frozen=True)
class TracingStep:
    """What is done from so many days late on, if she agreed to it (a consent kind; none: nothing is done to her)."""

    day: int
    mode: Mode
    consent: str = ""
    attempts: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.day <= 366 or not 1 <= self.attempts <= 20:
            raise ValueError("a tracing step is within a year and has 1 to 20 attempts")
        if (self.mode == "coordinator") != (not self.consent):
            raise ValueError(f"tracing by {self.mode}: whatever reaches her names the consent it needs")


@dataclass(frozen=True)
class Tracing:
    """When somebody is looked for, and how, step by step."""

    open_when: tuple[str, ...] = ()
    steps: tuple[TracingStep, ...] = ()
