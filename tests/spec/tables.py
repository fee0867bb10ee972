"""Spec tests hold their histories and expectations as text; this reads them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mentormothers.engines.rows import ScheduleRow
from mentormothers.facts.csv_file import read_facts
from mentormothers.facts.fact import History
from mentormothers.protocol.model import Protocol
from tests.conftest import Engine

_HEADER = "client,role,mother,kind,date,value,ref,source,site,organisation,record,recorded,amends"


def history(text: str, folder: Path) -> History:
    """Facts as lines `client role kind date value key=...`; `baby of mother` names the birth mother.

    `-` stands for an empty value; ref, site, record, recorded and amends follow as key=value.
    """
    rows = [_HEADER]
    for line in text.strip().splitlines():
        client, role, kind, day, *rest = line.split()
        mother = ""
        if "<" in client:
            client, mother = client.split("<")
        extra = dict(part.split("=", 1) for part in rest if "=" in part)
        value = next((part for part in rest if "=" not in part), "-")
        value = "" if value == "-" else value
        columns = ("ref", "source", "site", "organisation", "record", "recorded", "amends")
        rows.append(",".join([client, role, mother, kind, day, value, *(extra.get(c, "") for c in columns)]))
    path = folder / "facts.csv"
    path.write_text("\n".join(rows) + "\n")
    found = read_facts(path)
    assert not found.refusals, found.refusals
    assert not found.unknown_kinds, found.unknown_kinds
    return found.history


@dataclass(frozen=True)
class Statement:
    """What the table says of one item on a day; fields it does not mention are None."""

    as_of: date
    known_on: date | None
    client: str
    item: str
    state: str
    due: date | None = None
    opens: date | None = None
    late: int | None = None
    done_on: date | None = None

    def holds_for(self, rows: list[ScheduleRow]) -> bool:
        found = [r for r in rows if r.client == self.client and r.item == self.item]
        if self.state == "absent":
            return not found
        return any(self._fits(row) for row in found)

    def _fits(self, row: ScheduleRow) -> bool:
        return (
            row.state == self.state
            and self.due in (None, row.due)
            and self.opens in (None, row.opens)
            and self.late in (None, row.days_late)
            and self.done_on in (None, row.done_on)
        )


def statements(text: str) -> list[Statement]:
    """Lines `as-of[@known-on] client item state [due D] [opens D] [late N] [done D]`; an item without dot is ACC-1's."""
    found = []
    for line in text.strip().splitlines():
        when, client, item, state, *rest = line.split()
        as_of, _, known = when.partition("@")
        item = item if "." in item else f"ACC.{item}"
        named = dict(zip(rest[::2], rest[1::2], strict=True))
        unknown = set(named) - {"due", "opens", "late", "done"}
        assert not unknown, line
        found.append(Statement(
            date.fromisoformat(as_of), date.fromisoformat(known) if known else None, client, item, state,
            due=_date(named.get("due")), opens=_date(named.get("opens")),
            late=int(named["late"]) if "late" in named else None, done_on=_date(named.get("done")),
        ))  # fmt: skip
    return found


def check_statements(engine: Engine, protocol: Protocol, example: tuple[str, str], folder: Path) -> None:
    """Whether an engine says of the facts of an example what its statements say."""
    facts, expected = example
    known = history(facts, folder)
    days: dict[tuple[date | None, date], list[ScheduleRow]] = {}
    for statement in statements(expected):
        day = (statement.known_on, statement.as_of)
        if day not in days:
            days[day] = engine(protocol, known.known_on(statement.known_on), statement.as_of)
        mine = [r for r in days[day] if (r.client, r.item) == (statement.client, statement.item)]
        assert statement.holds_for(days[day]), f"{statement}\nfound {mine}"


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
