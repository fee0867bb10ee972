"""Whatever order records come in, however often, however cut into batches, by whichever phone: one state.

Two phones with wrong clocks, corrections of corrections, withdrawals of withdrawals, repeats of repeats.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mentormothers.config.demo.phone import SyntheticPhone
from mentormothers.config.embedded import Cluster
from tests.databases import own_database
from tests.programme import Programme, enrolled, enrolment

CORRECTIONS = ("amends", "withdraws", "same_event_as")
_deeds = st.lists(
    st.tuples(
        st.sampled_from(["visit", "visit", "supply", "session", "birth", "amends", "withdraws", "same_event_as"]),
        st.integers(0, 1),  # which phone
        st.integers(-40, 0),  # days before today
        st.integers(0, 30),  # which earlier record a correction speaks of
        st.sampled_from([0, 0, 0, -4000, 900]),  # days by which the phone's clock is wrong
    ),
    min_size=2,
    max_size=14,
)


class Notebook:
    """What two mentors write down, as parcels."""

    def __init__(self, programme: Programme, phones: list[SyntheticPhone]) -> None:
        self.programme, self.phones = programme, phones
        self.client, first = enrolment(programme, phones[0])
        self.parcels: list[Any] = [first]

    def write(self, what: str, phone: int, days: int, earlier: int, wrong_clock: int) -> None:
        at = self.programme.now + timedelta(days=days)
        form, answers, identities = self._said("supply" if what in CORRECTIONS else what, at, len(self.parcels))
        members: dict[str, Any] = {"device_clock": (at + timedelta(days=wrong_clock)).isoformat()}
        if what in CORRECTIONS:
            target = self.parcels[earlier % len(self.parcels)]["record"]["id"]
            members["relation"] = {"type": what, "record": target}
            if what == "same_event_as":
                members["relation"]["repeat"] = self.parcels[(earlier * 7 + 1) % len(self.parcels)]["record"]["id"]
        author = str(self.programme.mentor.id)
        self.parcels.append(
            self.phones[phone].parcel(form, author, self.client, answers, at=at, identities=identities, **members)
        )

    def _said(self, what: str, at: Any, number: int) -> tuple[str, dict[str, Any], dict[str, Any]]:
        day = at.date().isoformat()
        if what == "supply":
            answers = {"where/place": "clinic", "where/source": "observed", "her_status": "pos", "refill/refilled": "yes",
                       "refill/supply": "other", "refill/days_other": 20 + number, "refill/refilled_on": day,
                       "days": str(20 + number)}  # fmt: skip
            return "visit", answers, {}
        if what == "session":
            return "session", {"where/mode": "home", "where/topics": ["tb", "money"], "telling/partner": "not_asked",
                               "told_me": "client_told"}, {}  # fmt: skip
        if what == "birth":
            baby = self.phones[0].new_client()
            newborn = {
                "baby_id": baby,
                "sex": "f",
                "plan": "exclusive",
                "medicine": "yes",
                "joins": "infant",
                "dob": day,
            }
            answers = {"when/born_on": day, "when/outcome": "live", "when/birth_place": "home", "when/source": "observed",
                       "babies": "1", "baby": [newborn]}  # fmt: skip
            return "birth", answers, {baby: {"name.given": "Hope"}}
        return "visit", {"where/place": "home", "where/source": "observed"}, {}


def state(programme: Programme) -> dict[str, Any]:
    """Everything that follows from the records, but for the instants of receipt."""
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.live import facts_of, schedule_of
    from mentormothers.care.models import Caseload, Client, Fact, Record

    with scoped(scope_of(programme.coordinator)):
        clients = sorted(Client.objects.values_list("id", flat=True))
        standing = [{k: v for k, v in fact.items() if k != "received"} for fact in facts_of(clients)]
        return {
            "records": sorted(Record.objects.values_list("id", "body")),
            "facts": sorted(Fact.objects.values_list("record", "place", "client", "kind", "day", "value", "number")),
            "standing": sorted(standing, key=str),
            "clients": sorted(Client.objects.values_list("id", "mother", "site")),
            "caseload": sorted(Caseload.objects.values_list("client", "mentor")),
            "schedule": schedule_of(clients, programme.now.date()),
        }


@settings(max_examples=12)
@given(_deeds, st.randoms(use_true_random=False), st.integers(1, 9))
def test_push_is_a_union(
    template: Cluster, template_programme: Programme, deeds: list[Any], dice: Any, piece: int
) -> None:
    from mentormothers.access.models import Device
    from mentormothers.sync.push import push

    programme = replace(template_programme, phone=replace(template_programme.phone, client_keys={}))
    with own_database(template):
        second = enrolled(programme.coordinator, programme.home, [programme.mentor])
        notebook = Notebook(programme, [programme.phone, second])
        for deed in deeds:
            notebook.write(*deed)
        devices = list(Device.objects.filter(id__in=[programme.phone.device, second.device]))
        push(devices[0], notebook.parcels)
        expected = state(programme)
        assert len(expected["records"]) == len(notebook.parcels)
        again = notebook.parcels * 2
        dice.shuffle(again)
        assert {a.status for a in push(devices[1], again)} == {"duplicate"}
        assert state(programme) == expected
        keys = second.public_key
    with own_database(template):
        _same_phone_again(programme, second, keys)
        shuffled = notebook.parcels + dice.sample(notebook.parcels, len(notebook.parcels) // 2)
        dice.shuffle(shuffled)
        for start in range(0, len(shuffled), piece):
            batch = shuffled[start : start + piece]
            carried = [programme.phone.carried(p) if dice.random() < 0.3 else p for p in batch]
            answers = push(dice.choice(devices), carried)
            assert {a.status for a in answers} <= {"accepted", "duplicate"}, answers
        assert state(programme) == expected


def _same_phone_again(programme: Programme, phone: SyntheticPhone, public_key: str) -> None:
    """The second phone was enrolled in the first database only: enrol it here under the same id."""
    import base64

    from mentormothers.access.models import Device

    device = Device.objects.create(
        id=phone.device, site=phone.site, organisation=phone.organisation,
        public_key=base64.b64decode(public_key), enrolled_by=programme.coordinator,
    )  # fmt: skip
    device.people.set([programme.mentor])
