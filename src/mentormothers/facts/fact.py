"""One observation about one person."""

from dataclasses import dataclass
from datetime import date, datetime

from mentormothers.facts.days import Precision
from mentormothers.facts.standing import Relation

CLIENT_TOLD = "client_told"


@dataclass(frozen=True)
class Fact:
    """What was observed about `client` on `day`.

    value     its normal form (see `values`); number: what engines compare, None where there is none
    ref       the record it belongs to (a result to its sample); empty: the latest matching one
    received  when the programme first had it; civil date and time as written, without a zone
    """

    client: str
    role: str
    kind: str
    day: date
    value: str = ""
    number: int | None = None
    mother: str = ""
    ref: str = ""
    source: str = "observed"
    site: str = ""
    organisation: str = ""
    record: str = ""
    received: datetime = datetime(1, 1, 1)  # noqa: DTZ001
    precision: Precision = Precision.DAY


@dataclass(frozen=True)
class History:
    """Facts and the relations between the records that carry them."""

    facts: tuple[Fact, ...]
    relations: tuple[tuple[Relation, datetime], ...] = ()

    def known_on(self, day: date | None) -> "History":
        """What had been received by the end of `day`; everything when no day is given."""
        if day is None:
            return self
        return History(
            tuple(fact for fact in self.facts if fact.received.date() <= day),
            tuple((relation, at) for relation, at in self.relations if at.date() <= day),
        )
