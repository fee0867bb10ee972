"""What every office page needs to know."""

from functools import partial
from importlib.metadata import version
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from mentormothers.access.models import Role, User
from mentormothers.care.live import protocol_in_force
from mentormothers.office.telling import told

# Address and words, by role, in the order of the head of the page.
_PLACES = {
    Role.COORDINATOR: (
        ("home", "My site"),
        ("clients", "Clients"),
        ("groups", "Groups"),
        ("mend", "Records to mend"),
        ("phones", "Phones"),
        ("results", "Results"),
    ),
    Role.MANAGER: (
        ("overview", "Programme"),
        ("follow-up", "Follow-up"),
        ("results", "Results"),
        ("groups", "Group talks"),
    ),
    Role.MINISTRY: (("overview", "Country"),),
    Role.ADMINISTRATOR: (("people", "Sites and people"), ("phones", "Phones")),
    Role.MENTOR: (),
}
# Pages that belong to a place, by the name of their address.
_BELONGS = {
    "my-site": "home", "take-along": "home", "print-list": "home", "export-list": "home", "client": "clients",
    "put-right": "clients", "erase": "clients", "cards": "clients", "look-up": "clients",
    "same-person": "clients", "decide-same-person": "clients",
    "mentor-list": "home",
    "ask": "home", "end": "home", "mend-one": "mend", "new-phone": "phones", "revoke-phone": "phones",
    "indicator": "results", "export-numbers": "results", "behind": "results", "place": "overview",
    "add-person": "people",
    "person": "people", "find-facility": "people", "open-site": "people",
}  # fmt: skip
_VERSION = version("mentormothers")


def office(request: HttpRequest) -> dict[str, Any]:
    """The user, where she may go, what she is to be told, and the protocol in force."""
    found = getattr(request, "user", None)  # missing where the request was refused before anybody was looked up
    user = found if isinstance(found, User) else None
    match = request.resolver_match
    name = (match.url_name if match else "") or ""
    return {
        "user": user,
        "places": _PLACES[Role(user.role)] if user else (),
        "here": _BELONGS.get(name, name),
        "may_find": user is not None and user.role == Role.COORDINATOR,
        "told": partial(told, request),
        "protocol": protocol_in_force(),
        "version": _VERSION,
        "synthetic": settings.DEMO,
    }
