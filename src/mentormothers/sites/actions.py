"""Opening sites; taking in districts and facilities from lists."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction

from mentormothers.access.audit import note
from mentormothers.access.models import Membership, Role, User
from mentormothers.sites.district_list import DistrictList, ListedDistrict
from mentormothers.sites.facility_list import FacilityList, ListedFacility, Remark, remark_on
from mentormothers.sites.matching import Match, match
from mentormothers.sites.models import District, Facility, Organisation, Site, SiteModel
from mentormothers.sites.placing import Boundaries, Placing

_BATCH = 1000  # rows written at once
_FOUND = 20  # facilities shown of a search by name
_MAY_CHANGE = ("latitude", "longitude", "district_id", "unplaced_because", "ownership")


class NotAllowedError(Exception):
    """This cannot be done; the message says why, for the person who tried."""


@transaction.atomic
def open_site(
    *, facility: Facility, organisation: Organisation, delivery_model: str, opened: date, by: User | None = None
) -> Site:
    """Open a site at a facility; the managers of its organisation get to see it.

    Raises NotAllowedError when the organisation has an open site there already.
    """
    if Site.objects.filter(facility=facility, organisation=organisation, closed=None).exists():
        raise NotAllowedError("This organisation has an open site at that facility already.")
    site = Site.objects.create(
        name=facility.name,
        facility=facility,
        organisation=organisation,
        opened=opened,
    )
    SiteModel.objects.create(site=site, model=delivery_model, since=opened)
    managers = User.objects.filter(organisation=organisation.id, role=Role.MANAGER)
    Membership.objects.bulk_create([Membership(user=manager, site=site.id) for manager in managers])
    note("site.opened", who=by, site=site.id)
    return site


@transaction.atomic
def hand_over(site: Site, delivery_model: str, *, since: date, by: User | None = None) -> None:
    """Say which delivery model a site has from a day on. What was said of that day before no longer counts.

    Raises NotAllowedError for a day before the site opened or after it closed, and where it has that model already.
    """
    if since < site.opened or (site.closed and since > site.closed):
        raise NotAllowedError("On that day the site was not open.")
    if site.delivery_model_on(since) == delivery_model:
        raise NotAllowedError("On that day it is run like that already.")
    SiteModel.objects.create(site=site, model=delivery_model, since=since)
    note("site.handed_over", who=by, site=site.id, detail=f"{delivery_model} from {since}")


def facilities_named(text: str) -> list[Facility]:
    """Facilities whose name holds every word of a text, by name; the first twenty."""
    found = Facility.objects.select_related("district")
    for word in text.split():
        found = found.filter(name__icontains=word)
    return list(found.order_by("name", "region", "id")[:_FOUND])


@dataclass(frozen=True)
class Taken:
    """How much of a list was new, how much changed what was known, and how much was known already just so."""

    new: int = 0
    updated: int = 0
    known: int = 0

    def __str__(self) -> str:
        return f"{self.new} new, {self.updated} updated, {self.known} known already"


@dataclass(frozen=True)
class FacilitiesImported:
    """What became of a list of facilities.

    by_district  facilities of the list in every district of its countries, by country and name, in order
    unplaced     facilities in no district, and why
    suspicious   remarks of the reading and of the placing, by line
    """

    taken: Taken
    by_district: Mapping[tuple[str, str], int]
    unplaced: tuple[Remark, ...]
    suspicious: tuple[Remark, ...]


@dataclass(frozen=True)
class DistrictsLoaded:
    """What became of a list of districts; `unlisted` names those of the same countries that it does not hold."""

    taken: Taken
    unlisted: tuple[str, ...]


@transaction.atomic
def load_districts(listed: DistrictList, *, by: User | None = None) -> DistrictsLoaded:
    """Take in districts by their code. One that is known gets the list's name, region and boundary; none is deleted.

    Facilities stay where they were placed until their list is imported again.
    """
    countries = {district.country for district in listed.districts}
    known = District.objects.in_bulk([district.code for district in listed.districts], field_name="code")
    given = {district.code: asdict(district) | {"source": listed.source} for district in listed.districts}
    new = [District(**fields) for code, fields in given.items() if code not in known]
    changed = [district for code, district in known.items() if _change(district, given[code])]
    District.objects.bulk_create(new)
    District.objects.bulk_update(changed, ["country", "name", "region", "boundary", "source"], batch_size=50)
    taken = Taken(len(new), len(changed), len(known) - len(changed))
    _note("districts.loaded", countries, taken, by)
    unlisted = District.objects.filter(country__in=countries).exclude(code__in=list(given)).order_by("code")
    return DistrictsLoaded(taken, tuple(unlisted.values_list("name", flat=True)))


def countries_with_districts() -> set[str]:
    """The countries whose districts are known."""
    return set(District.objects.values_list("country", flat=True).distinct())


@transaction.atomic
def import_facilities(
    listed: FacilityList, *, source: str, by: User | None = None, progress: Callable[[int], object] | None = None
) -> FacilitiesImported:
    """Take in facilities and place them in the districts known. The same list again changes nothing.

    A known facility gets what the list knows better: a place it did not have, an owner. What the list no longer
    knows stays, and no facility is deleted. `progress` is told how many rows are done.
    """
    countries = {facility.country for facility in listed.facilities}
    work = _Import(source, countries)
    matches = match(listed.facilities, Facility.objects.filter(source=source, country__in=countries).order_by("id"))
    for start in range(0, len(matches), _BATCH):
        work.take(matches[start : start + _BATCH])
        if progress:
            progress(min(start + _BATCH, len(matches)))
    done = work.result(listed.suspicious)
    _note("facilities.imported", countries, done.taken, by)
    return done


class _Import:
    """Facilities taken in so far, from one source."""

    def __init__(self, source: str, countries: set[str]) -> None:
        self._source = source
        self._districts = {one.code: one for one in District.objects.filter(country__in=countries)}
        self._boundaries = Boundaries(_listed(district) for district in self._districts.values())
        self._names = {one.id: (one.country, one.name) for one in self._districts.values()}
        self._taken: Counter[str] = Counter()
        self._placed: Counter[tuple[str, str]] = Counter()
        self._unplaced: list[Remark] = []
        self._suspicious: list[Remark] = []

    def take(self, matches: list[Match]) -> None:
        new, changed = [], []
        for one in matches:
            placing = self._boundaries.place(one.listed)
            fields = self._fields(one.listed, placing)
            facility = one.known or Facility(**fields)
            if one.known is None:
                new.append(facility)
            elif _change(one.known, _better(one.known, fields)):
                changed.append(one.known)
            self._tell(one, placing, facility)
        Facility.objects.bulk_create(new)
        Facility.objects.bulk_update(changed, [name.removesuffix("_id") for name in _MAY_CHANGE])
        self._taken.update(new=len(new), updated=len(changed), known=len(matches) - len(new) - len(changed))

    def result(self, suspicious: Iterable[Remark]) -> FacilitiesImported:
        by_district = {name: self._placed[name] for name in sorted(self._names.values())}
        remarks = sorted((*suspicious, *self._suspicious), key=lambda remark: remark.line)
        return FacilitiesImported(Taken(**self._taken), by_district, tuple(self._unplaced), tuple(remarks))

    def _fields(self, listed: ListedFacility, placing: Placing) -> dict[str, object]:
        fields = asdict(listed)
        del fields["line"]
        return fields | {
            "district_id": self._districts[placing.district].id if placing.district else None,
            "unplaced_because": placing.because,
            "source": self._source,
        }

    def _tell(self, one: Match, placing: Placing, facility: Facility) -> None:
        if facility.district_id is None:
            self._unplaced.append(remark_on(one.listed, facility.unplaced_because))
        else:
            self._placed[self._names[facility.district_id]] += 1
        if placing.suspicion:
            self._suspicious.append(remark_on(one.listed, placing.suspicion))
        if one.elsewhere:
            moved = "is new, while one of its region, name and type is known at another place and not in this list"
            self._suspicious.append(remark_on(one.listed, f"{moved}. Please check whether it moved; both are kept"))


def _listed(district: District) -> ListedDistrict:
    return ListedDistrict(district.country, district.code, district.name, district.region, district.boundary)


def _better(known: Facility, fields: dict[str, object]) -> dict[str, object]:
    """What a list knows of a facility that is to replace what we know."""
    better = {name: fields[name] for name in _MAY_CHANGE}
    if not fields["ownership"]:
        del better["ownership"]
    if fields["latitude"] is None:
        del better["latitude"], better["longitude"]
    if fields["district_id"] is None and known.district_id is not None:
        del better["district_id"], better["unplaced_because"]
    return better


def _change(known: District | Facility, fields: Mapping[str, object]) -> bool:
    """Set the fields; whether that changed anything."""
    before = [getattr(known, name) for name in fields]
    for name, value in fields.items():
        setattr(known, name, value)
    return before != list(fields.values())


def _note(what: str, countries: set[str], taken: Taken, by: User | None) -> None:
    if taken.new or taken.updated:
        note(what, who=by, detail=f"{', '.join(sorted(countries))}: {taken}")
