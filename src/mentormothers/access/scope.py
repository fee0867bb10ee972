"""The scope: which sites and organisations the database lets through for the work at hand.

The database itself enforces it (row-level security on care and identity). It is only ever set for the length of
a transaction: a setting that outlives it would be found by whoever gets the connection next.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase

from mentormothers.access.models import Device, Role, User
from mentormothers.access.statements import prepared

PEOPLE, LINKAGE, REPORTS = "mm_people", "mm_linkage", "mm_reports"
_BECOME = """
WITH before AS MATERIALIZED (SELECT current_user::text AS role) SELECT role, set_config('role', %s, true) FROM before"""


@dataclass(frozen=True)
class Scope:
    """Numbers of sites and organisations. Empty: nothing can be seen.

    country  the ministry's scope: published numbers of all sites, and nobody's data
    """

    sites: tuple[int, ...] = ()
    organisations: tuple[int, ...] = ()
    country: bool = False


NOWHERE = Scope()
COUNTRY = Scope(country=True)
_SETTINGS = ("app.sites", "app.organisations", "app.country")
# What was set before, and the new values.
_SET = (
    "WITH before AS MATERIALIZED (SELECT "
    + ", ".join(f"coalesce(current_setting('{name}', true), '')" for name in _SETTINGS)
    + ") SELECT before.*, "
    + ", ".join(f"set_config('{name}', %s, true)" for name in _SETTINGS)
    + " FROM before"
)


@contextmanager
def scoped(scope: Scope) -> Iterator[None]:
    """A transaction that sees this scope; the scope around it comes back afterwards."""
    inner = connection.in_atomic_block  # the end of a transaction takes its own settings back
    with transaction.atomic():
        before = _set(_array(scope.sites), _array(scope.organisations), "on" if scope.country else "")
        yield
        # After an error of the database nothing more can be asked; the rollback to come takes the settings back too.
        if inner and not connection.needs_rollback:
            _set(*before)


@contextmanager
def as_role(role: str) -> Iterator[None]:
    """Work as another database role until the end of the block; needs a transaction around it."""
    with transaction.atomic(savepoint=False):  # after an error the rollback of what is around takes the role back too
        with prepared() as cursor:
            row = cursor.execute(_BECOME, [role]).fetchone()
            assert row
        yield
        with prepared() as cursor:
            cursor.execute(_BECOME, row[:1])


def scope_of(user: User) -> Scope:
    """The sites a user works at, for her organisation. An administrator keeps the system and sees no client, the
    ministry sees published numbers only."""
    if user.is_active and user.role == Role.MINISTRY:
        return COUNTRY
    if not user.is_active or user.organisation is None or user.role == Role.ADMINISTRATOR:
        return NOWHERE
    return Scope(tuple(user.memberships.values_list("site", flat=True)), (user.organisation,))


def scope_of_device(device: Device) -> Scope:
    """A phone sees its own site."""
    return Scope((device.site,), (device.organisation,))


class ScopeMiddleware:
    """Every request runs in one transaction with the scope of its user; an error of ours undoes all of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request inside its scope."""
        user = request.user
        with transaction.atomic():
            scope = scope_of(user) if isinstance(user, User) else NOWHERE
            with scoped(scope):
                response = self._get_response(request)
                if response.status_code >= 500:
                    transaction.set_rollback(True)
        return response


def _set(*values: str) -> list[str]:
    """Set the scope; gives what was set before."""
    with prepared() as cursor:
        row = cursor.execute(_SET, values).fetchone()
        assert row
        return list(row[: len(values)])


def _array(numbers: tuple[int, ...]) -> str:
    return "{" + ",".join(str(number) for number in sorted(numbers)) + "}"
