"""Whether the server is well, for whatever watches it. Says nothing of anybody."""

from django.http import HttpRequest, JsonResponse

from mentormothers.office.rights import open_to_all
from mentormothers.sync.changes import feed_behind


@open_to_all
def health(request: HttpRequest) -> JsonResponse:
    """The database answers, and how many seconds the feed of changes lies behind."""
    return JsonResponse({"database": True, "feed_behind_seconds": round(feed_behind(), 1)})
