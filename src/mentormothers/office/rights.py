"""Who may see which screen. Every address of the office says it once, by one of two decorators."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from mentormothers.access.models import Role, User

View = Callable[..., HttpResponseBase]
READ = ("GET", "HEAD")


class OfficeRequest(HttpRequest):
    """A request of somebody who signed in and may see the screen."""

    user: User  # nobody gets past `screen` without signing in
    htmx: HtmxDetails


def screen(*roles: Role, methods: Iterable[str] = READ) -> Callable[[View], View]:
    """Let people of these roles see a screen; send others to sign in, or tell them who can help."""
    allowed = list(methods)

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return _to_sign_in(request)
            if request.user.role not in roles:
                return no_right(request, roles)
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            return view(request, *args, **kwargs)

        guarded.seen_by = frozenset(roles)  # type: ignore[attr-defined]
        return guarded

    return guard


def open_to_all(view: View) -> View:
    """Mark an address that needs no sign-in: the door itself, the phone app, the health figure."""

    @wraps(view)
    def unguarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    unguarded.seen_by = frozenset()  # type: ignore[attr-defined]
    return unguarded


def no_right(request: HttpRequest, roles: Iterable[Role]) -> HttpResponse:
    """Say that this is somebody else's work, and whose."""
    user = request.user
    assert isinstance(user, User)
    can = User.objects.filter(role__in=list(roles), organisation=user.organisation, is_active=True)
    who = sorted(can.values_list("first_name", flat=True))[:3]
    words = {"helpers": who, "roles": [role.label for role in roles], "is_mentor": user.role == Role.MENTOR}
    return render(request, "office/no_right.html", words, status=403)


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    htmx = getattr(request, "htmx", None)
    if htmx:  # a piece of a page must not be replaced by the whole sign-in page
        return HttpResponseClientRedirect(reverse("sign-in"))
    return redirect_to_login(request.get_full_path() if request.method in READ else reverse("home"))
