"""What the worker does by itself, in the rights it does it with."""

import asyncio
import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connections

from tests.programme import Programme, enrolment


def test_a_record_that_came_before_its_form_is_taken_once_the_form_is_there(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.models import Publication, Record
    from mentormothers.config.jobs import retry_quarantined

    parcel = json.loads(json.dumps(enrolment(programme)[1]))
    parcel["record"] = programme.phone.signed(parcel["record"] | {"form_version": "2027-01-01"})
    assert programme.push([parcel])[0]["code"] == "SYNC-011"
    assert retry_quarantined() == 0
    known = Publication.objects.get(kind="form", name="enrolment")
    body = known.body.replace(known.version, "2027-01-01")
    Publication.objects.create(kind="form", name="enrolment", version="2027-01-01", digest="d", body=body)
    assert retry_quarantined() == 1
    assert retry_quarantined() == 0
    with scoped(scope_of(programme.coordinator)):
        assert Record.objects.count() == 1


def test_what_was_asked_ends_with_its_days(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    from uuid import UUID

    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.config.jobs import end_lapsed_asking
    from mentormothers.followup.actions import ask_to_look_for
    from mentormothers.followup.models import Assignment

    client, parcel = enrolment(programme)
    programme.push([parcel])
    with scoped(scope_of(programme.coordinator)):
        asked = ask_to_look_for(UUID(client), mentor=programme.mentor, item="ACC.REFILL", by=programme.coordinator)
    end_lapsed_asking()
    with scoped(scope_of(programme.coordinator)):
        assert Assignment.objects.get(id=asked.id).ended_at is None
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: asked.until + timedelta(days=1))
    end_lapsed_asking()
    with scoped(scope_of(programme.coordinator)):
        assert Assignment.objects.get(id=asked.id).ended_because == "the days were over"


def test_what_is_over_is_deleted_and_nothing_else(programme: Programme) -> None:
    from django.utils import timezone

    from mentormothers.access.devices import challenge
    from mentormothers.access.models import Challenge, EnrolmentCode, Grant
    from mentormothers.config.jobs import tidy

    programme.push([enrolment(programme)[1]])
    challenge(programme.phone.device)
    assert Grant.objects.exists()
    # The codes were made with the template, which a long run outlives.
    EnrolmentCode.objects.update(expires_at=timezone.now() + timedelta(minutes=5))
    before = {model: model.objects.count() for model in (Challenge, EnrolmentCode, Grant)}
    tidy()
    assert {model: model.objects.count() for model in before} == before
    for model in before:
        for row in model.objects.all():
            row.expires_at -= timedelta(days=30)
            row.save()
    tidy()
    assert not any(model.objects.exists() for model in before)


def test_what_a_killed_worker_had_begun_runs_again(programme: Programme) -> None:
    begun = _jobs_of_a_dead_worker("alone", "one_of_two", "one_of_two")
    _run("retry_stalled")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT id, status::text FROM procrastinate_jobs ORDER BY id")
        found = dict(cursor.fetchall())
    assert found == dict(zip(begun, ("todo", "failed", "todo"), strict=True)), "whose successor waits is not needed"


def _jobs_of_a_dead_worker(*kinds: str) -> list[int]:
    """A job each that a worker began which has not been heard of since; of the last kind another waits."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes') RETURNING id"
        )
        (worker,) = cursor.fetchone()
        made = []
        for number, kind in enumerate(kinds):
            doing = number < len(kinds) - 1
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, status, worker_id)"
                " VALUES ('default', %s, %s, %s, %s) RETURNING id",
                [kind, kind, "doing" if doing else "todo", worker if doing else None],
            )
            made.append(cursor.fetchone()[0])
    return made


def test_jobs_that_ended_days_ago_are_forgotten(programme: Programme) -> None:
    with connections["owner"].cursor() as cursor:
        kept = {}
        for status, days in (("succeeded", 4), ("failed", 4), ("succeeded", 2), ("todo", 4)):
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', 'x', %s) RETURNING id",
                [status],
            )
            (job,) = cursor.fetchone()
            kept[job] = status == "todo" or days < 3
            cursor.execute("DELETE FROM procrastinate_events WHERE job_id = %s", [job])
            cursor.execute(
                "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, 'deferred', now() - %s * interval '1 day')",
                [job, days],
            )
            cursor.execute(
                "INSERT INTO procrastinate_periodic_defers (task_name, defer_timestamp, job_id) VALUES ('x', %s, %s)",
                [job, job],
            )
    _run("forget_jobs")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_jobs WHERE id = ANY (%s)", [list(kept)])
        assert {job for (job,) in cursor.fetchall()} == {job for job, is_kept in kept.items() if is_kept}


def _run(job: str) -> None:
    """As the worker runs it, with a connection of its own kind."""
    from procrastinate.contrib.django import app

    from mentormothers.config import jobs

    async def run() -> None:
        async with app.with_connector(app.connector.get_worker_connector()).open_async() as working:
            await getattr(jobs, job).func(SimpleNamespace(app=working))

    asyncio.run(run())
