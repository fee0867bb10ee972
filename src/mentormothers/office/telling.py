"""Telling what became of something: a line that is shown once, on the next page."""

from typing import Literal

from django.http import HttpRequest

Kind = Literal["good", "trouble"]
_KEY = "told"


def tell(request: HttpRequest, words: str, kind: Kind = "good") -> None:
    """Say this on the next page. It stands in the session meanwhile, so it holds no name."""
    request.session[_KEY] = [*request.session.get(_KEY, []), [kind, words]]


def told(request: HttpRequest) -> list[list[str]]:
    """What is to be said now; it is not said again."""
    found: list[list[str]] = request.session.pop(_KEY, []) if hasattr(request, "session") else []
    return found
