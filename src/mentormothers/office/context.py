"""What every office page needs to know."""

from typing import Any

from django.http import HttpRequest


def office(request: HttpRequest) -> dict[str, Any]:
    """The user, for the head of the page."""
    return {"user": request.user}
