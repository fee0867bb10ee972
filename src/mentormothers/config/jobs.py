"""Jobs that run beside the server, in a queue inside the database. Every job opens its own scope."""

import logging
import subprocess
import sys
from pathlib import Path

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from mentormothers.access.scope import scoped
from mentormothers.sites.scopes import everywhere

logger = logging.getLogger(__name__)
_KEEPING_SECONDS = 50  # a minute's job ends before the next one begins; what is left waits for it

_JOBS_KEPT_HOURS = 72


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="retry_quarantined")
def retry_quarantined(timestamp: int = 0) -> int:  # noqa: ARG001  # given to every periodic job
    """Take again what waited for a form version that is published by now. Gives how many were taken."""
    from mentormothers.care.quarantine import waiting
    from mentormothers.sync.mending import StillUnfitError, take_again

    taken = 0
    with scoped(everywhere()):
        rows = list(waiting().filter(code="SYNC-011"))
    for row in rows:
        try:
            with scoped(everywhere()):
                take_again(row, by=None)
            taken += 1
        except StillUnfitError:
            continue
    if taken:
        logger.info("%s quarantined record(s) taken again", taken)
    return taken


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="keep_open_items", lock="keep_open_items")
def keep_open_items(timestamp: int = 0) -> int:  # noqa: ARG001  # given to every periodic job
    """Work out what is open for whomever something changed, and after midnight for everybody. Gives for how many."""
    from django.utils import timezone

    from mentormothers.followup.keeping import bring_everybody_up_to_date

    return bring_everybody_up_to_date(timezone.localdate(), _KEEPING_SECONDS)


@app.periodic(cron="15 1 * * *")
@app.task(queueing_lock="tidy")
def tidy(timestamp: int = 0) -> None:  # noqa: ARG001  # given to every periodic job
    """Delete what is over: grants, challenges, enrolment codes, counted tries, sessions."""
    from django.core.management import call_command
    from django.utils import timezone

    from mentormothers.access.models import Challenge, EnrolmentCode, Grant, Tries

    now = timezone.now()
    for model in (Challenge, Grant, EnrolmentCode):
        model.objects.filter(expires_at__lt=now).delete()
    Tries.objects.filter(until__lt=now).delete()
    call_command("clearsessions")


@app.periodic(cron="20 0 * * *")
@app.task(queueing_lock="end_lapsed_asking")
def end_lapsed_asking(timestamp: int = 0) -> None:  # noqa: ARG001  # given to every periodic job
    """End what somebody was asked to do until a day that is over, and with it the access that came along."""
    from django.utils import timezone

    from mentormothers.followup.actions import end_lapsed

    with scoped(everywhere()):
        ended = end_lapsed(timezone.localdate())
    if ended:
        logger.info("%s asking(s) ended, their days were over", ended)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="end_lapsed_stays")
def end_lapsed_stays(timestamp: int = 0) -> None:  # noqa: ARG001  # given to every periodic job
    """End the stays of women of other sites whose last day is over; the phones there forget them."""
    from mentormothers.care import staying

    with scoped(everywhere()):
        ended = staying.end_lapsed_stays()
    if ended:
        logger.info("%s stay(s) ended, their days were over", ended)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="keep_counts")
def keep_counts(timestamp: int = 0) -> int:  # noqa: ARG001  # given to every periodic job
    """Count again, for every manager, what has changed and is worth it. Gives how many counts were made."""
    from django.utils import timezone

    from mentormothers.access.models import Role, User
    from mentormothers.access.scope import scope_of
    from mentormothers.reports.counting import count_anew
    from mentormothers.reports.figures import questions

    made, today = 0, timezone.localdate()
    for scope in {scope_of(user) for user in User.objects.filter(role=Role.MANAGER, is_active=True)}:
        with scoped(scope):
            made += count_anew(questions(today))
    return made


@app.periodic(cron="30 2 * * *")
@app.task(queueing_lock="publish_country")
def publish_country(timestamp: int = 0) -> int:  # noqa: ARG001  # given to every periodic job
    """Publish the country's numbers to the ministry, without any small one. Gives how many."""
    from django.utils import timezone

    from mentormothers.reports.country import publish

    made = publish(everywhere(), timezone.localdate())
    logger.info("%s numbers of the country published", made)
    return made


@app.periodic(cron="10 3 * * *")
@app.task(queueing_lock="propose_pairs", lock="propose_pairs")
def propose_pairs(timestamp: int = 0) -> None:  # noqa: ARG001  # given to every periodic job
    """Compare all clients, in a process of its own: what it opened of names goes with it."""
    command = Path(sys.executable).with_name("mentormothers")
    subprocess.run([command, "propose"], stdin=subprocess.DEVNULL, check=True)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int = 0) -> None:  # noqa: ARG001  # given to every periodic job
    """Let run again what a worker had begun that was killed. Every job here may run twice."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        try:
            await jobs.retry_job(job)
        except UniqueViolation:  # the next one of its kind waits already, and does its work too
            await jobs.finish_job(job, Status.FAILED, delete_job=False)


@app.periodic(cron="45 1 * * *")
@app.task(queueing_lock="forget_jobs", pass_context=True)
async def forget_jobs(context: JobContext, timestamp: int = 0) -> None:  # noqa: ARG001  # given to every periodic job
    """Delete jobs that ended days ago, well or not: what came of them stands in the log."""
    await context.app.job_manager.delete_old_jobs(nb_hours=_JOBS_KEPT_HOURS, include_failed=True, include_aborted=True)
