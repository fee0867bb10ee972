"""Who lives under one roof, and who is asked about whom: a baby whom somebody else than its mother looks after lives
with that person, and so does one whose mother has died."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from mentormothers.care.live import Relative
from mentormothers.followup.story import Story


def is_apart(child: Story, mother: Story | None) -> bool:
    """Whether a child is asked about with whoever looks after it, and not with its mother."""
    return bool(child.caregiver) or (mother is not None and mother.died)


def roofs(kin: Iterable[Relative], stories: Mapping[UUID, Story]) -> dict[UUID, UUID]:
    """For each of some families the household: the mother's pseudonym, or one's own.

    Of the children of one mother those whom the same person looks after are together, under the least pseudonym.
    """
    together: dict[UUID, UUID] = {}
    elsewhere: dict[tuple[UUID, str], list[UUID]] = defaultdict(list)
    for one in kin:
        mother = one.mother
        if mother and is_apart(stories[one.client], stories.get(mother)):
            elsewhere[mother, stories[one.client].caregiver].append(one.client)
        else:
            together[one.client] = mother or one.client
    for children in elsewhere.values():
        together |= dict.fromkeys(children, min(children))
    return together
