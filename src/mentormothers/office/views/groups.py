"""Group talks at one's sites: when, with whom, about what, how many came. Nobody is named, nobody's status is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mentormothers.access.models import Role
from mentormothers.care.talks import GroupTalk, group_talks
from mentormothers.office.reach import first_names, sites_of
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.words.talks import say_audience, say_topics

_SHOWN = 200
_RECENT = timedelta(days=30)


@dataclass(frozen=True)
class TalkRow:
    """A line of the list."""

    talk: GroupTalk
    site: str
    audience: str
    topics: str
    author: str


@screen(Role.COORDINATOR, Role.MANAGER)
def groups(request: OfficeRequest) -> HttpResponse:
    """The list, and what the last thirty days come to."""
    rows = _rows(request)
    recent = [row.talk for row in rows if row.talk.day > timezone.localdate() - _RECENT]
    words = {
        "rows": rows,
        "several": len({row.site for row in rows}) > 1,
        "recent": len(recent),
        "people": sum(talk.people for talk in recent),
        "most": _SHOWN if len(rows) == _SHOWN else 0,
    }
    return render(request, "office/groups.html", words)


def _rows(request: OfficeRequest) -> Sequence[TalkRow]:
    sites = {site.id: site.name for site in sites_of(request.user)}
    talks = group_talks(list(sites), _SHOWN)
    authors = first_names(talk.author for talk in talks)
    return [
        TalkRow(
            talk=talk,
            site=sites[talk.site],
            audience=say_audience(talk.audience),
            topics=say_topics(list(talk.topics)),
            author=authors.get(talk.author, "somebody who left"),
        )
        for talk in talks
    ]
