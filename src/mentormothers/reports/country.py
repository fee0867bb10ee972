"""The country's numbers for the ministry: counted over all organisations, freed of every small number, published.

Her requests see no record of anybody, so nothing is counted in them. The worker counts once a night and writes an
edition down; the database refuses a small number in it. Only finished quarters are published: of a quarter that runs,
yesterday's number and today's would tell of today's women.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Max

from mentormothers.access.models import Device
from mentormothers.access.scope import COUNTRY, Scope, scoped
from mentormothers.indicators.model import Measure, Question
from mentormothers.indicators.periods import Period
from mentormothers.reports.counting import count_anew
from mentormothers.reports.figures import CASCADES, Figures, finished, places_of, year
from mentormothers.reports.models import Edition, PublishedNumber
from mentormothers.reports.numbers import measures
from mentormothers.reports.outside import outside
from mentormothers.reports.small_cells import Given, Hidden
from mentormothers.reports.tables import Key, Table, table
from mentormothers.sites.models import Site

_HIDDEN = {word.value: word for word in Hidden}


def publish(everywhere: Scope, today: date) -> int:
    """Count everything and make it the new edition; gives how many numbers it has."""
    sites = list(Site.objects.select_related("facility"))
    with scoped(everywhere):  # writes only at its end: a transaction that writes for long would hold back the feed
        count_anew(_questions(today))
    with scoped(everywhere):
        tables = [table(measure, _periods(name, today), everywhere.sites) for name, measure in measures().items()]
        complete = _heard(everywhere.sites)
    with scoped(COUNTRY):
        Edition.objects.all().delete()
        edition = Edition.objects.create(position=_position(tables), complete=complete)
        made = [
            _number(edition, found.measure, key, given)
            for found in tables
            for key, given in outside(found, places_of(sites)).items()
        ]
        PublishedNumber.objects.bulk_create(made, batch_size=2000)
    return len(made)


def latest_edition() -> Edition | None:
    """The edition in force; none before the first night."""
    return Edition.objects.order_by("-at").first()


def published_figures(edition: Edition, measure: Measure, today: date) -> Figures:
    """One indicator of an edition, with the periods that are in it."""
    rows = edition.numbers.filter(measure=measure.definition.id)
    shown = {Key(r.period, r.place, r.part): Given(_shown(r.number, r.number_word), _out_of(r)) for r in rows}
    known = {key.period for key in shown}
    periods = [period for period in [*finished(today), year(today)] if period.name in known]
    return Figures(measure, periods, shown, edition.position)


def heard_of(edition: Edition) -> dict[int, datetime | None]:
    """When the phones of each site were last heard of."""
    return {int(site): datetime.fromisoformat(at) if at else None for site, at in edition.complete.items()}


def _periods(name: str, today: date) -> list[Period]:
    return [year(today)] if name in CASCADES else [*finished(today), year(today)]


def _questions(today: date) -> list[Question]:
    return [
        Question(measure, period, by_site)
        for name, measure in measures().items()
        for period in _periods(name, today)
        for by_site in (True, False)
    ]


def _heard(sites: Sequence[int]) -> dict[str, str]:
    phones = Device.objects.filter(site__in=sites, revoked_at=None).values("site").annotate(last=Max("last_seen"))
    heard = {row["site"]: row["last"] for row in phones}
    return {str(site): at.isoformat() if (at := heard.get(site)) else "" for site in sites}


def _position(tables: Sequence[Table]) -> str:
    return max((row.snapshot for found in tables for row in found.rows.values()), default="")


def _number(edition: Edition, measure: Measure, key: Key, given: Given) -> PublishedNumber:
    number, of = given.number, given.of
    return PublishedNumber(
        edition=edition,
        measure=measure.definition.id,
        period=key.period,
        place=key.place,
        part=key.part,
        number=None if isinstance(number, Hidden) else number,
        number_word=number.value if isinstance(number, Hidden) else "",
        of=None if isinstance(of, Hidden) else of,
        of_word=of.value if isinstance(of, Hidden) else "",
    )


def _shown(number: int | None, word: str) -> int | Hidden:
    return _HIDDEN[word] if number is None else number


def _out_of(row: PublishedNumber) -> int | Hidden | None:
    return _HIDDEN[row.of_word] if row.of_word else row.of
