"""One synthetic programme: its sites, the women who come, and each one's whole story as rows for the files."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mentormothers.facts.days import add_months, day_number
from mentormothers.simulation import antenatal, bodies, infants, infections, moving, talks, truth
from mentormothers.simulation.arrivals import Arrival, Register, expected_positivity, positivity, women_by_district
from mentormothers.simulation.chances import Chances
from mentormothers.simulation.enrolment import enrol_everybody
from mentormothers.simulation.identities import Clerk, Names
from mentormothers.simulation.logbook import ORGANISATION, Logbook, iso
from mentormothers.simulation.parameters import Parameters
from mentormothers.simulation.people import NEVER, Baby, Stay, Woman
from mentormothers.simulation.results import Tally, tally
from mentormothers.simulation.series import National, Quarter, repaired
from mentormothers.simulation.sites import Place, Site, plan_sites, usual_sites
from mentormothers.simulation.treatment import Care

CLIENT_COLUMNS = ("client", "role", "mother", "site", "mentor", "enrolled", "organisation")
SITE_COLUMNS = (
    "site", "facility", "kind", "district", "region", "latitude", "longitude", "delivery_model", "mentors",
    "organisation",
)  # fmt: skip
MENTOR_COLUMNS = ("mentor", "site", "sync_every_days", "share_dated_to_round_days", "share_copied", "organisation")


@dataclass(frozen=True)
class Plan:
    """What is asked for: how many women, from when, for how many months, at how many sites (None: as many as usual)."""

    clients: int
    seed: int
    start: date
    months: int
    sites: int | None = None

    @property
    def end(self) -> date:
        """The last day of the run."""
        return date.fromordinal(add_months(self.start, self.months).toordinal() - 1)


@dataclass(frozen=True)
class World:
    """All that is given: chances, series, places, names."""

    parameters: Parameters
    quarters: tuple[Quarter, ...]
    national: Mapping[int, National]
    places: tuple[Place, ...]
    names: Names


@dataclass(frozen=True)
class Pages:
    """What one family adds to each file, and to the results."""

    facts: list[str]
    clients: list[Sequence[str]]
    identities: list[Sequence[str]]
    truth: list[Sequence[str]]
    counts: Tally


class Programme:
    """A run: made from what is given, it yields arrivals, and a family's pages for each of them."""

    def __init__(self, world: World, plan: Plan) -> None:
        self.plan, self._world = plan, world
        self._quarters, self.repairs = repaired(world.quarters)
        habits = world.parameters.writing
        women = women_by_district(self._quarters, plan.start, plan.months)
        usable = sum(bool(women.get(place.district)) for place in world.places)
        number = usual_sites(plan.clients, plan.months, usable, habits) if plan.sites is None else plan.sites
        self.sites: list[Site] = plan_sites(
            world.places, women, sites=number, clients=plan.clients, seed=plan.seed, habits=habits
        )
        self._map = moving.Map(self.sites)
        self._end = day_number(plan.end)
        self._tested = sum(quarter.tested for quarter in self._quarters)
        self._tested_positive = sum(quarter.tested_positive for quarter in self._quarters)
        self.register = Register(
            self._quarters, self.sites, plan.start, plan.months, chances=world.parameters.enrolment, seed=plan.seed
        )

    def arrivals(self) -> Iterator[Arrival]:
        """The clients, one after another."""
        return self.register.clients(self.plan.clients)

    def positivity(self) -> tuple[float | None, float | None, int]:
        """The share positive among women who came so far, the same by the series, and how many came."""
        expected = expected_positivity(self._quarters, self.sites, self.plan.start, self.plan.months)
        return positivity(self.register.seen), expected, sum(self.register.seen.values())

    def family(self, arrival: Arrival) -> Pages:
        """What a woman's story adds to the files."""
        return self._pages(self.story(arrival))

    def story(self, arrival: Arrival) -> Logbook:
        """One woman's whole story. It depends on the seed, her number and what is given; on nobody else's."""
        woman = self._woman(arrival)
        parameters, seed, number = self._world.parameters, self.plan.seed, arrival.number
        book = Logbook(woman, seed=seed, end=self._end, habits=parameters.writing)
        antenatal.attend(book, Chances(seed, "antenatal", number), parameters.antenatal)
        Care(book, Chances(seed, "treatment", number), parameters).follow()
        infections.infect(woman, self._world.national, Chances(seed, "infection", number), parameters)
        self._births(book)
        talks.talk(book, Chances(seed, "talks", number), parameters)
        infants.write_death(book)
        enrol_everybody(book, Chances(seed, "enrolment", number), parameters)
        return book

    def clerk(self, book: Logbook) -> Clerk:
        """Who writes down what the family of a story is called."""
        return Clerk(book, self._world.names, self._world.parameters.identities, seed=self.plan.seed)

    def _woman(self, arrival: Arrival) -> Woman:
        parameters, seed = self._world.parameters, self.plan.seed
        chances = Chances(seed, "body", arrival.number)
        body = bodies.live(arrival, chances, parameters, prevalence=self._prevalence(), end=self._end)
        bodies.orphaned(body.pregnancies, body.died)
        moves = Chances(seed, "moving", arrival.number)
        stays = moving.stays(arrival, body, self._map, moves, parameters.moving, seed=seed)
        stays = [stay for stay in stays if stay.since <= body.died]
        return _person(arrival, body, stays, Chances(seed, "person", arrival.number), parameters)

    def _prevalence(self) -> float:
        """The share positive of the women tested, which holds for those nobody tested too."""
        return self._tested_positive / self._tested

    def _births(self, book: Logbook) -> None:
        parameters, woman = self._world.parameters, book.woman
        chances = Chances(self.plan.seed, "birth", woman.arrival.number)
        for pregnancy in woman.pregnancies:
            if pregnancy.ends < NEVER:
                infants.born(book, pregnancy, chances, parameters)
        for baby in woman.babies():
            infants.grow(book, baby, Chances(self.plan.seed, "infant", woman.arrival.number, baby.slot), parameters)

    def _pages(self, book: Logbook) -> Pages:
        clerk = self.clerk(book)
        clients: list[Sequence[str]] = [
            (
                book.client(who, stay.alias), "infant" if isinstance(who, Baby) else "mother",
                book.mother_at(stay.alias) if isinstance(who, Baby) else "",
                stay.site.code, stay.mentor.code, iso(day), ORGANISATION,
            )
            for who, day, stay in book.known
        ]  # fmt: skip
        counts = tally(book)
        return Pages(book.lines(), clients, clerk.rows(), truth.rows(book, clerk.true), counts)


def _person(arrival: Arrival, body: bodies.Body, stays: list[Stay], chances: Chances, parameters: Parameters) -> Woman:
    """The woman with what she agrees to, her phone and her steadiness."""
    phone = chances.pick(parameters.identities.phone)
    woman = Woman(
        slot=0, sex="f", born=arrival.day - int(body.age * 365.25) - chances.between(1, 364), died=body.died,
        infected=body.infected, arrival=arrival, age=body.age, stays=stays, pregnancies=body.pregnancies,
        consents={purpose: chances.happens(share) for purpose, share in parameters.enrolment.consents.items()},
        steadiness=chances.pick(parameters.treatment.steadiness), phone=phone,
        phone_right=not chances.happens(parameters.identities.wrong_number),
    )  # fmt: skip
    if arrival.status.on_treatment:
        woman.started = arrival.day - chances.within(parameters.treatment.years_on_treatment)
        woman.infected = min(woman.infected, woman.started - chances.within(parameters.treatment.untreated_days))
    if woman.died < NEVER and chances.happens(parameters.health.death_reported):
        woman.death_known = woman.died + chances.within(parameters.health.death_heard_days)
    return woman


def site_rows(sites: Sequence[Site]) -> Iterator[Sequence[str]]:
    """The rows of sites.csv."""
    for site in sites:
        place = site.place
        yield (
            site.code, place.name, place.kind, place.district, place.region, _degrees(place.latitude),
            _degrees(place.longitude), site.model, str(len(site.mentors)), ORGANISATION,
        )  # fmt: skip


def mentor_rows(sites: Sequence[Site]) -> Iterator[Sequence[str]]:
    """The rows of mentors.csv: habits that make the data."""
    for site in sites:
        for one in site.mentors:
            yield one.code, site.code, str(one.sync_every), f"{one.heaps:g}", f"{one.copies:g}", ORGANISATION


def _degrees(number: float | None) -> str:
    return "" if number is None else f"{number:.5f}"
