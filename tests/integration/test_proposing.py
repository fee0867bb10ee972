"""Comparing the clients of an organisation: who is proposed, who is not, what is kept of it, and what no disk sees."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from mentormothers.config.database import Database
from mentormothers.config.demo.phone import SyntheticPhone
from mentormothers.config.embedded import Cluster
from mentormothers.linkage.model import COMPARISONS
from tests.programme import Programme, enrolled, enrolment

HERE = {"name.given": "Thokozani", "name.family": "Kamwendo", "address.village": "Mpemba", "phone.number": "0888765432"}
THERE = HERE | {"name.given": "Tokozani", "name.family": "Kamwando"}  # as it is heard at the other site
NAMES = ("Thokozani", "Kamwendo", "Mpemba", "888765432", "Tokozani", "Kamwando")
# Others, so that a name is not everybody's: none of them is another.
OTHERS = [
    {"name.given": given, "name.family": family, "address.village": village, "phone.number": f"09990000{n:02}"}
    for n, (given, family, village) in enumerate([
        ("Grace", "Banda", "Chilomoni"), ("Memory", "Phiri", "Limbe"), ("Esnart", "Chirwa", "Zingwangwa"),
        ("Loveness", "Mbewe", "Bangwe"), ("Dorica", "Nyirenda", "Manja"), ("Ulemu", "Gondwe", "Naperi"),
    ])
]  # fmt: skip


@dataclass
class Two:
    """A woman who goes to two sites of one organisation, under two spellings, among others."""

    programme: Programme
    coordinator_there: Any
    phone_there: SyntheticPhone
    here: UUID
    there: UUID

    @property
    def pair(self) -> tuple[UUID, UUID]:
        return (self.here, self.there) if self.here < self.there else (self.there, self.here)

    def scope(self, user: Any = None) -> Any:
        from mentormothers.access.scope import scope_of, scoped

        return scoped(scope_of(user or self.programme.coordinator))

    def propose(self) -> Any:
        from mentormothers.linkage.proposing import propose

        return propose(self.programme.home.organisation_id, self.programme.now.date(), lambda *_: None)

    def waiting(self, user: Any = None) -> list[tuple[UUID, UUID]]:
        from mentormothers.linkage import deciding

        with self.scope(user):
            assert deciding.count_waiting() == len(deciding.waiting())
            return [(one.a, one.b) for one in deciding.waiting()]

    def decide(self, decision: str, user: Any = None) -> None:
        from mentormothers.register.reviewing import decide

        user = user or self.programme.coordinator
        with self.scope(user):
            decide(user, *self.pair, decision)

    def says(self, client: UUID, phone: SyntheticPhone, **identity: str) -> None:
        """Something new is written of her."""
        author = self.programme.mentor if phone is self.programme.phone else self.coordinator_there
        parcel = phone.parcel(
            "enrolment", str(author.id), str(client), {}, at=self.programme.now, identities={str(client): identity}
        )  # fmt: skip
        (answer,) = self.programme.push([parcel], phone)
        assert answer["status"] == "accepted", answer


@pytest.fixture
def two(programme: Programme) -> Two:
    return make_two(programme)


def make_two(programme: Programme) -> Two:
    from mentormothers.access.models import Membership, Role, User
    from mentormothers.sites.models import Organisation, Site, SiteModel

    ours = Organisation.objects.get(id=programme.home.organisation_id)
    site = Site.objects.create(name="Bangwe", organisation=ours, opened="2024-01-01")
    SiteModel.objects.create(site=site, model="direct", since="2024-01-01")
    violet = User.objects.create_user("violet", "x", first_name="Violet", role=Role.COORDINATOR, organisation=ours.id)
    Membership.objects.create(user=violet, site=site.id)
    phone = enrolled(programme.coordinator, site, [violet])
    here, first = enrolment(programme, **HERE)
    there, second = enrolment(programme, phone, **THERE)
    second["record"] = phone.signed(second["record"] | {"author": str(violet.id)})
    others = [enrolment(programme, **names)[1] for names in OTHERS]
    for answer in programme.push([first, *others]) + programme.push([second], phone):
        assert answer["status"] == "accepted", answer
    return Two(programme, violet, phone, UUID(here), UUID(there))


def test_a_woman_of_two_sites_is_proposed_to_both_coordinators_and_nobody_else(two: Two) -> None:
    found = two.propose()
    assert (found.persons, found.proposals, found.new) == (8, 1, 1)
    assert two.waiting() == two.waiting(two.coordinator_there) == [two.pair]
    assert two.waiting(two.programme.stranger) == []
    assert two.waiting(two.programme.administrator) == []
    assert two.propose().new == 0
    assert two.waiting() == [two.pair]


def test_what_is_kept_is_in_words_of_the_model_only(two: Two) -> None:
    from mentormothers.linkage.models import Proposal

    two.propose()
    said = {(one.name, level.said) for one in COMPARISONS for level in one.levels}
    with two.scope():
        (row,) = Proposal.objects.all()
    assert row.weights and {(comparison, level) for comparison, level, _ in row.weights} <= said
    assert ("given name", "sounds the same") in {(c, s) for c, s, _ in row.weights}


def test_it_is_written_down_without_a_name(two: Two) -> None:
    from mentormothers.access.models import AuditEvent
    from mentormothers.linkage.proposing import model_version

    two.propose()
    (line,) = AuditEvent.objects.filter(what="linkage.proposed")
    ours = two.programme.home.organisation_id
    assert line.detail == f"organisation {ours}: 8 persons, 1 proposals, 1 new; model {model_version()}"
    assert line.who is None and line.clients == []


@pytest.mark.parametrize("decision", ["link", "not_same"])
def test_what_is_decided_waits_no_more_and_is_not_proposed_again(two: Two, decision: str) -> None:
    from mentormothers.access.scope import scoped
    from mentormothers.linkage.models import Decision
    from mentormothers.register.merging import persons_of
    from mentormothers.register.reviewing import NotProposedError
    from mentormothers.sites.scopes import everywhere

    two.propose()
    two.decide(decision)
    assert two.waiting() == two.waiting(two.coordinator_there) == []
    assert two.propose().proposals == 0
    assert two.waiting() == []
    with pytest.raises(NotProposedError):
        two.decide("not_same", two.coordinator_there)
    with scoped(everywhere()):  # who is one has one home, which may be the other site
        (row,) = Decision.objects.all()
        assert (row.a, row.b, row.decision, row.by) == (*two.pair, decision, two.programme.coordinator.id)
        assert row.weights
        assert len(set(persons_of(two.pair).values())) == (1 if decision == "link" else 2)


def test_who_was_said_to_be_one_elsewhere_waits_no_more_and_parted_they_do_again(two: Two) -> None:
    from mentormothers.register.merging import say_same_person, take_back_same_person

    two.propose()
    with two.scope():
        record = say_same_person(*two.pair, by=two.programme.coordinator)
    assert two.waiting() == two.waiting(two.coordinator_there) == []
    assert two.propose().proposals == 0
    with two.scope():
        take_back_same_person(record, by=two.programme.coordinator)
    assert two.propose().new == 1, "nobody decided on the proposal itself"


def test_something_new_that_changes_how_they_agree_proposes_them_again(two: Two) -> None:
    two.propose()
    two.decide("not_same")
    two.says(two.there, two.phone_there, **{"address.landmark": "near the mill"})
    assert two.propose().proposals == 0, "new, but of nothing in which they agree otherwise"
    two.says(two.there, two.phone_there, **{"name.given": "Thokozani"})
    found = two.propose()
    assert (found.proposals, found.new) == (1, 1)
    assert two.waiting() == [two.pair]
    assert two.propose().new == 0
    two.decide("not_same", two.coordinator_there)
    assert two.propose().proposals == 0
    assert two.waiting() == []


def test_who_is_not_sure_sends_a_pair_to_the_end(two: Two) -> None:
    from mentormothers.register.reviewing import to_decide

    two.propose()
    two.decide("unsure")
    assert two.waiting() == [two.pair]
    assert two.propose().new == 0
    again = [enrolment(two.programme, **{"name.family": family})[1] for family in ("Banda", "Bander")]
    two.programme.push(again)
    two.propose()
    with two.scope():
        shown = to_decide(two.programme.coordinator, two.programme.now.date(), 5)
    assert len(shown) >= 2
    assert {side.client for side in shown[-1].sides} == set(two.pair)
    assert shown[-1].waiting.unsure_since and not shown[0].waiting.unsure_since


def test_who_does_not_agree_any_more_is_gone_from_the_queue_at_once_and_not_compared_again(
    two: Two, db: Database
) -> None:
    two.propose()
    assert db.admin
    with psycopg.connect(db.admin) as admin:
        admin.execute("SET session_replication_role = replica")
        changed = "UPDATE care.fact SET value = 'withdrawn' WHERE kind = 'consent.data_use' AND client = %s"
        admin.execute(changed, [two.there])
    assert two.waiting() == two.waiting(two.coordinator_there) == []
    assert (found := two.propose()).persons == 7 and found.proposals == 0


def test_who_was_erased_is_in_no_proposal_and_no_decision(two: Two, db: Database) -> None:
    from mentormothers.access.serverkey import keys_path
    from mentormothers.people.erasure_list import list_beside
    from mentormothers.register.erasing import erase_client

    two.propose()
    two.decide("unsure")
    with two.scope():
        erase_client(two.here, "asked", by=two.programme.coordinator)
    list_beside(keys_path()).unlink(missing_ok=True)
    assert db.admin
    with psycopg.connect(db.admin) as admin:
        for table in ("proposal", "decision"):
            assert admin.execute(f"SELECT count(*) FROM linkage.{table}".encode()).fetchone() == (0,), table
    assert two.propose().persons == 7
    assert two.waiting(two.coordinator_there) == []


def test_who_is_erased_while_she_is_compared_is_not_proposed(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    from mentormothers.access.serverkey import keys_path
    from mentormothers.linkage import judging
    from mentormothers.people.erasure_list import list_beside
    from mentormothers.register.erasing import erase_client

    compare = judging.link

    def meanwhile(*given: Any) -> Any:
        found = compare(*given)
        with two.scope():
            erase_client(two.here, "asked", by=two.programme.coordinator)
        return found

    monkeypatch.setattr(judging, "link", meanwhile)
    assert two.propose().proposals == 0
    list_beside(keys_path()).unlink(missing_ok=True)


def test_a_woman_of_another_organisation_is_not_compared(two: Two) -> None:
    programme = two.programme
    (answer,) = programme.push([enrolment(programme, programme.strange_phone, **HERE)[1]], programme.strange_phone)
    assert answer["status"] == "accepted"
    assert two.propose().persons == 8
    assert two.waiting(programme.stranger) == []


def test_a_second_run_beside_the_first_does_nothing(two: Two, db: Database) -> None:
    from mentormothers.linkage.proposing import _LOCK, AlreadyRunningError

    with psycopg.connect(db.app) as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [_LOCK, two.programme.home.organisation_id])
        with pytest.raises(AlreadyRunningError):
            two.propose()
        other.rollback()
        assert two.propose().proposals == 1


def test_the_role_of_linkage_gets_sealed_rows_of_its_organisation_and_nothing_else(two: Two, db: Database) -> None:
    two.propose()
    ours, theirs = two.programme.home.organisation_id, two.programme.elsewhere.organisation_id
    assert db.admin
    with psycopg.connect(db.admin, autocommit=True) as admin:
        admin.execute("SET ROLE mm_linkage")
        for organisations, found in ((f"{{{ours}}}", 8), (f"{{{theirs}}}", 0), ("", 0)):
            admin.execute("SELECT set_config('app.organisations', %s, false)", [organisations])
            rows = admin.execute("SELECT * FROM linkage.persons(%s, 100)", [UUID(int=0)]).fetchall()
            assert len(rows) == found
            assert not any(name.encode() in part for row in rows for part in row[-1] for name in NAMES)
            proposals = admin.execute("SELECT count(*) FROM linkage.proposal").fetchone()
            assert proposals == (1 if found else 0,)
        admin.execute("SELECT set_config('app.sites', %s, false)", [f"{{{two.programme.home.id}}}"])
        for table in ("people.identity_record", "people.client_key", "people.search_token", "care.client", "care.fact",
                      "care.record", "public.audit_event", "public.access_user"):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                admin.execute(f"SELECT * FROM {table}".encode())
        for function in ("people.look_up", "people.keys_to_keep_with", "linkage.proposed", "people.erase"):
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedFunction)):
                admin.execute(f"SELECT {function}(ARRAY[gen_random_uuid()])".encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            admin.execute("INSERT INTO linkage.decision (a, b) VALUES (gen_random_uuid(), gen_random_uuid())")
        admin.execute("SET ROLE mm_app")
        for change in ("DELETE FROM linkage.proposal", "UPDATE linkage.proposal SET probability = 1",
                       "DELETE FROM linkage.decision", "SELECT linkage.persons(gen_random_uuid(), 1)"):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                admin.execute(change.encode())


def test_the_other_site_s_client_is_opened_for_a_proposal_only(two: Two) -> None:
    from mentormothers.linkage.recognising import proposed_among

    with two.scope():
        assert not proposed_among(two.pair), "nobody is proposed yet"
    two.propose()
    with two.scope():
        assert proposed_among(two.pair).keys() == set(two.pair)
    with two.scope(two.programme.stranger):
        assert not proposed_among(two.pair)
    two.says(
        two.there, two.phone_there, **{"name.given": "Zione", "name.family": "Msosa", "phone.number": "0999111222"}
    )
    two.propose()
    with two.scope():
        assert not proposed_among(two.pair), "they are not proposed any more"


def test_the_dearest_comes_first_and_a_look_is_written_down(two: Two) -> None:
    from mentormothers.access.models import AuditEvent
    from mentormothers.linkage.costs import cost_of_waiting
    from mentormothers.register.reviewing import to_decide

    assert cost_of_waiting(0.85, 1) > cost_of_waiting(0.999, 0) > cost_of_waiting(0.85, 0)
    two.propose()
    with two.scope():
        (shown,) = to_decide(two.programme.coordinator, two.programme.now.date(), 5)
    mine, other = shown.sides
    assert (mine.client, other.client) == (two.here, two.there)
    assert mine.known and mine.known.family == "Kamwendo"
    assert other.known is None, "her family name, phone and numbers are her own site's"
    assert (other.shown.first_name, other.shown.village, other.shown.site) == ("Tokozani", "Mpemba", "Bangwe")
    (line,) = AuditEvent.objects.filter(what="identity.seen:same-person")
    assert line.who == two.programme.coordinator.id and set(line.clients) == set(two.pair)
    with two.scope(two.programme.manager):
        assert to_decide(two.programme.manager, two.programme.now.date(), 5) == []


def test_no_plain_name_reaches_a_disk_a_log_or_the_database(
    two: Two, db: Database, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    """The worker's job, in a folder where it could leave something, beside a database whose files are read."""
    from mentormothers.config.jobs import propose_pairs

    for name, value in {"DATABASE_URL": db.app, "TMPDIR": str(tmp_path), "HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    propose_pairs()
    said = capfd.readouterr()
    assert "Programme: 8 persons compared, 1 pairs wait, 1 of them new" in said.err
    assert two.waiting() == [two.pair]
    assert db.admin
    with psycopg.connect(db.admin, autocommit=True) as admin:
        admin.execute("CHECKPOINT")
    folders = (tmp_path, Path(os.environ["MENTORMOTHERS_STATE"]), cluster.folder)
    files = [path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert any(two.here.bytes in content for content in files), "the files of the database are read indeed"
    texts = [said.out.encode(), said.err.encode(), *files]
    assert not any(name.encode() in content for content in texts for name in NAMES)
