"""Where the numbers on the programme's page come from: counted in a manager's scope, or published for the ministry."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone

from mentormothers.access.models import Device, Role, User
from mentormothers.indicators.model import Question
from mentormothers.indicators.periods import Period
from mentormothers.office.reach import sites_of
from mentormothers.reports.country import heard_of, latest_edition, published_figures
from mentormothers.reports.figures import CASCADES, QUARTERS, Figures, counted_figures, finished, questions, year
from mentormothers.reports.numbers import measures, quarters
from mentormothers.sites.models import Site


@dataclass(frozen=True)
class Source:
    """The sites somebody sees numbers of, and how she comes by them.

    quarters   the columns of a trend
    year       the twelve months that compare sites and districts
    heard      when the phones of each site were last heard of
    published  when the numbers were published; None: they are counted now
    questions  what the figures ask of this database; nothing where they are published
    """

    sites: Sequence[Site]
    quarters: Sequence[Period]
    year: Period
    heard: Mapping[int, datetime | None]
    published: datetime | None
    figures: Callable[[str], Figures]
    questions: Sequence[Question] = ()


def source_of(user: User, today: date) -> Source | None:
    """What somebody's numbers are made from; None for the ministry before the first edition."""
    return _country() if user.role == Role.MINISTRY else _programme(user, today)


def _programme(user: User, today: date) -> Source:
    sites, columns, twelve = sites_of(user), quarters(today, QUARTERS), year(today)

    def figures(indicator: str) -> Figures:
        periods = [twelve] if indicator in CASCADES else [*columns, twelve]
        return counted_figures(measures()[indicator], periods, sites)

    return Source(sites, columns, twelve, _heard([site.id for site in sites]), None, figures, questions(today))


def _country() -> Source | None:
    edition = latest_edition()
    if edition is None:
        return None
    today = timezone.localtime(edition.at).date()  # its quarters are those that were over by then
    sites = list(Site.objects.select_related("facility__district", "organisation").order_by("name", "id"))
    heard = heard_of(edition)
    return Source(
        sites=[site for site in sites if site.id in heard],
        quarters=finished(today),
        year=year(today),
        heard=heard,
        published=edition.at,
        figures=lambda indicator: published_figures(edition, measures()[indicator], today),
    )


def _heard(sites: Sequence[int]) -> dict[int, datetime | None]:
    phones = Device.objects.filter(site__in=sites, revoked_at=None).values("site").annotate(last=Max("last_seen"))
    known = {row["site"]: row["last"] for row in phones}
    return {site: known.get(site) for site in sites}
