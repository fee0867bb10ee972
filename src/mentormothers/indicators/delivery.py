"""Delivery models: who works at which site from which day on, so that numbers can be given for each model."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mentormothers.facts.days import FIRST_DAY, LAST_DAY, Precision, parse_day

UNKNOWN = "unknown"  # sites of which no delivery model is known on the day
_MOST_BYTES = 50_000_000


class SitesFileError(Exception):
    """A sites file that cannot be used; the message says where, what is wrong and what to do."""


@dataclass(frozen=True, order=True)
class SiteModel:
    """The delivery model of a site from a day on, until the next one of that site."""

    site: str
    since: date
    model: str


@dataclass(frozen=True)
class Spell:
    """The delivery model of a site from a day until (not including) another."""

    site: str
    model: str
    since: date
    until: date


def spells(models: Iterable[SiteModel]) -> Iterator[Spell]:
    """Each model with the day on which the next one of its site begins; none ends before the calendar does."""
    of_site: dict[str, list[SiteModel]] = defaultdict(list)
    for one in sorted(models):
        of_site[one.site].append(one)
    for known in of_site.values():
        ends = [*(following.since for following in known[1:]), LAST_DAY]
        for one, end in zip(known, ends, strict=True):
            yield Spell(one.site, one.model, one.since, end)


def read_site_models(path: Path) -> list[SiteModel]:
    """A CSV with columns site and delivery_model, and since when where that is known; other columns are not read.

    A site stands once, or once for each day on which its model changed. An empty delivery model is not known.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise SitesFileError(f"{path} is larger than {_MOST_BYTES} bytes. Please give a list of sites")
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _read(path, csv.DictReader(file, strict=True))
    except OSError as error:
        raise SitesFileError(
            f"{path}: {error.strerror}. Please name a CSV with the columns site and delivery_model (--sites)"
        ) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise SitesFileError(f"{path} is no CSV in UTF-8: {error}. Please save it as one") from None


def _read(path: Path, reader: "csv.DictReader[str]") -> list[SiteModel]:
    missing = {"site", "delivery_model"} - set(reader.fieldnames or ())
    if missing:
        raise SitesFileError(f"{path} has no column {', '.join(sorted(missing))}. Please add it")
    found: dict[tuple[str, date], SiteModel] = {}
    for row in reader:
        site, model = (row["site"] or "").strip(), (row["delivery_model"] or "").strip()
        where = f"{path}, line {reader.line_num}"
        since = _since(where, row.get("since") or "")
        if not site:
            raise SitesFileError(f"{where}: it names no site. Please give its number or code")
        if found.setdefault((site, since), SiteModel(site, since, model or UNKNOWN)).model != (model or UNKNOWN):
            raise SitesFileError(f"{where}: site {site} has another model from the same day. Please keep one of them")
    return list(found.values())


def _since(where: str, text: str) -> date:
    if not text.strip():
        return FIRST_DAY
    try:
        day, precision = parse_day(text)
    except ValueError as error:
        raise SitesFileError(f"{where}: since: {error}") from None
    if precision is not Precision.DAY:
        raise SitesFileError(f"{where}: since {text!r} is not a whole date. Please give one such as 2025-03-04")
    return day
