"""What is said when something is not here, not allowed, or went wrong. Nothing of the inside is shown."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from mentormothers.sync.errors import PROBLEMS

HEALTH = "/health"
FOR_PHONES = "/api/"


def not_found(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """Not here, or not yours to see: the same words for both."""
    if request.path.startswith(FOR_PHONES):
        return _said_to_phone("SYNC-008")
    return render(request, "office/not_found.html", status=404)


def bad_request(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """The browser sent something that makes no sense."""
    return HttpResponse(render_to_string("office/error_400.html"), status=400)


def forbidden(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """The request was refused; a form that stood open too long is the usual reason."""
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault. Asks the database nothing, since that may be what is broken."""
    if request.path == HEALTH:
        return JsonResponse({"database": False}, status=503)
    if request.path.startswith(FOR_PHONES):
        return _said_to_phone("SYNC-009")
    return HttpResponse(render_to_string("office/error_500.html"), status=500)


def _said_to_phone(code: str) -> JsonResponse:
    known = PROBLEMS[code]
    return JsonResponse({"code": code, "message": known.message, "remedy": known.remedy}, status=known.status)
