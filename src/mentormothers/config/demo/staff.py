"""The invented colleagues of the demo: a team for every site, and the people of the office."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

from mentormothers.access.models import Cadre, Membership, Role, User
from mentormothers.config.demo.country import OURS
from mentormothers.config.simulating import read_names_file
from mentormothers.simulation.chances import Chances
from mentormothers.simulation.sites import Site as PlannedSite
from mentormothers.sites.models import Organisation, Site

PASSWORD = "synthetic-people-only"  # noqa: S105  # of a demo that holds nobody, printed at its start
# The team of the first site, which the demo's welcome names.
_FIRST_COORDINATOR = ("Agness", "Kaliati")
# Beside the first, a Mentor Mother, sites have somebody of another cadre in turn.
_OTHERS = (Cadre.COMMUNITY, Cadre.EXPERT_CLIENT_WOMAN, Cadre.COMMUNITY, Cadre.EXPERT_CLIENT_MAN)
_MEN = ("Kondwani", "Limbani", "Gift", "Blessings", "Yohane", "Mavuto")
_FIRST_MENTORS = (("Promise", "Mwase"), ("Tiyamike", "Zulu"))


@dataclass(frozen=True)
class Team:
    """The people of a site."""

    site: Site
    coordinator: User
    mentors: list[User]


class Staff:
    """Makes colleagues, each under a name of her own; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._names, self._men, self._cadres = self._invented(seed), cycle(_MEN), cycle(_OTHERS)

    def team(self, planned: PlannedSite, site: Site) -> Team:
        """A coordinator and as many mentors as the simulation has there."""
        first = not User.objects.exists()
        known = list(_FIRST_MENTORS) if first else []
        mentors = [known.pop(0) if known else next(self._names) for _ in planned.mentors]
        return Team(
            site,
            _person(_FIRST_COORDINATOR if first else next(self._names), Role.COORDINATOR, [site], signs_in=first),
            [self._mentor(name, site, first=place == 0) for place, name in enumerate(mentors)],
        )

    def _mentor(self, name: tuple[str, str], site: Site, *, first: bool) -> User:
        cadre = Cadre.MENTOR_MOTHER if first else next(self._cadres)
        named = (next(self._men), name[1]) if cadre == Cadre.EXPERT_CLIENT_MAN else name
        return _person(named, cadre, [site], signs_in=False)

    def office(self) -> None:
        """The programme's manager and administrator, and somebody of the ministry, once the sites are there."""
        ours = Organisation.objects.get(name=OURS)
        _person(("Chikondi", "Mtonga"), Role.MANAGER, list(Site.objects.filter(organisation=ours)))
        _person(("Watson", "Chipeta"), Role.ADMINISTRATOR, [], organisation=ours)
        _person(("Dalitso", "Phiri"), Role.MINISTRY, [])

    @staticmethod
    def _invented(seed: int) -> Iterator[tuple[str, str]]:
        names, chances = read_names_file(), Chances(seed, "staff")
        given = {name for name, _ in (_FIRST_COORDINATOR, *_FIRST_MENTORS)}
        while True:
            name = chances.one_of(names.common_given), chances.one_of(names.common_surname)
            if name[0] not in given:
                yield name


def _person(
    name: tuple[str, str], work: Role | Cadre, sites: list[Site], *, signs_in: bool = True,
    organisation: Organisation | None = None,
) -> User:  # fmt: skip
    first, family = name
    user = User.objects.create_user(
        first.lower() if signs_in else f"{first}.{family}.{User.objects.count()}".lower(),
        PASSWORD if signs_in else None,
        first_name=first,
        family_name=family,
        role=Role.MENTOR if work in Cadre else work,
        cadre=work if work in Cadre else "",
        organisation=organisation.id if organisation else sites[0].organisation_id if sites else None,
    )
    Membership.objects.bulk_create([Membership(user=user, site=site.id) for site in sites])
    return user
