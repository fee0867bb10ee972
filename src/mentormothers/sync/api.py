"""The device API: addresses under /api/v1. docs/reference/device-api.md says what travels."""

import base64
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import date
from typing import Any, Literal, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, ValidationError
from ninja.security import HttpBearer

from mentormothers.access import devices
from mentormothers.access.models import Device, User
from mentormothers.access.scope import scope_of_device, scoped
from mentormothers.access.serverkey import public_point
from mentormothers.access.throttle import TooManyError, throttle
from mentormothers.care.models import Publication, Stay
from mentormothers.care.staying import ImpossibleStayError
from mentormothers.register.handles import HandleRefusedError
from mentormothers.register.recognition import SaysTooLittleError, recognise
from mentormothers.register.visiting import Presence, ask_by_card, confirm
from mentormothers.sites.models import Organisation, Site
from mentormothers.sync.bodies import MOST_PARCELS, json_body
from mentormothers.sync.changes import changes, read_cursor
from mentormothers.sync.errors import RequestRefusedError
from mentormothers.sync.push import push

_SMALL = 20_000
T = TypeVar("T", bound=Schema)


class ProblemOut(Schema):
    """An error: a code that never changes its meaning, what is wrong, what to do."""

    code: str
    message: str
    remedy: str


class EnrolmentIn(Schema):
    """What a phone sends to be enrolled."""

    code: str
    public_key: str
    label: str = ""


class ChallengeIn(Schema):
    """Which device wants a grant."""

    device: UUID


class GrantIn(Schema):
    """A signed challenge."""

    device: UUID
    challenge: str
    signature: str


class ParcelsIn(Schema):
    """A batch of parcels; each is checked by itself and gets its own answer."""

    parcels: list[dict[str, Any]]


class LookUpIn(Schema):
    """What somebody typed to know a woman again: name and village, or a number."""

    user: UUID
    text: str


class StayIn(Schema):
    """She whom a handle of a look-up means is here: why, and for `while` until when."""

    user: UUID
    handle: str
    reason: Literal["visit", "while", "moved"]
    until: date | None = None


class CardStayIn(Schema):
    """Somebody showed this card to a phone that had no network. `request` tells one asking from another."""

    user: UUID
    card: str
    request: UUID


class GrantedDevice(HttpBearer):
    """Lets in a phone that holds a grant."""

    def authenticate(self, request: HttpRequest, token: str) -> Device | None:
        """The device of a token. Raises RequestRefusedError for a device that was put out."""
        try:
            return devices.device_of(token)
        except devices.DeviceRevokedError:
            raise RequestRefusedError("DEV-004") from None


api = NinjaAPI(
    title="Mentor Mothers device API",
    version="1",
    docs_url=None,
    auth=GrantedDevice(),
    urls_namespace="device-api",
)


def _body(kind: type[Schema]) -> dict[str, Any]:
    """What a request holds, for the OpenAPI description; bodies are read by `json_body`, which bounds them first."""
    schema = kind.model_json_schema(ref_template="#/components/schemas/{model}")
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


_ERRORS = {400: ProblemOut, 401: ProblemOut, 403: ProblemOut, 404: ProblemOut, 413: ProblemOut, 415: ProblemOut,
           422: ProblemOut, 429: ProblemOut, 503: ProblemOut}  # fmt: skip


@api.exception_handler(RequestRefusedError)
def _refused(request: HttpRequest, error: RequestRefusedError) -> HttpResponse:
    response = HttpResponse(json.dumps(error.body()), status=error.problem.status, content_type="application/json")
    if error.problem.status in (429, 503):
        response["Retry-After"] = "30"
    return response


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return _refused(request, RequestRefusedError("SYNC-001", "members are missing or of the wrong type"))


@api.exception_handler(OperationalError)
def _busy(request: HttpRequest, error: OperationalError) -> HttpResponse:
    return _refused(request, RequestRefusedError("SYNC-005"))


@api.exception_handler(AuthenticationError)
def _no_grant(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return _refused(request, RequestRefusedError("DEV-003"))


@api.post(
    "/devices",
    auth=None,
    response={201: Any, **_ERRORS},
    openapi_extra=_body(EnrolmentIn),
    summary="Enrol a phone by a code",
)
def enrol_device(request: HttpRequest) -> HttpResponse:
    """Takes a code that a coordinator made and the phone's public key."""
    wanted = _read(EnrolmentIn, request)
    _not_too_often(request, "enrol", most=10)
    try:
        device = devices.enrol(wanted.code, wanted.public_key)
    except devices.CodeRefusedError:
        raise RequestRefusedError("DEV-001") from None
    except devices.KeyRefusedError:
        raise RequestRefusedError("DEV-005") from None
    return _json(_about(device), status=201)


@api.post(
    "/grants/challenge",
    auth=None,
    response={200: Any, **_ERRORS},
    openapi_extra=_body(ChallengeIn),
    summary="Get a text to sign",
)
def grant_challenge(request: HttpRequest) -> HttpResponse:
    """A text to sign, also for a device that nobody knows."""
    wanted = _read(ChallengeIn, request)
    _not_too_often(request, "challenge", most=60)
    return _json({"challenge": devices.challenge(wanted.device), "expires_in": devices.CHALLENGE_SECONDS})


@api.post(
    "/grants",
    auth=None,
    response={200: Any, **_ERRORS},
    openapi_extra=_body(GrantIn),
    summary="Get a grant of some hours",
)
def get_grant(request: HttpRequest) -> HttpResponse:
    """A token for a device that signed its challenge."""
    wanted = _read(GrantIn, request)
    _not_too_often(request, "grant", most=60)
    try:
        device, token, expires = devices.grant(wanted.device, wanted.challenge, wanted.signature)
    except devices.GrantRefusedError:
        raise RequestRefusedError("DEV-003") from None
    except devices.DeviceRevokedError:
        raise RequestRefusedError("DEV-004") from None
    return _json(
        {
            "token": token,
            "expires_at": expires.isoformat(),
            "server_time": timezone.localtime().isoformat(),
            "last_counter": device.last_counter,
            **_about(device),
        }
    )


@api.post(
    "/records",
    response={200: Any, **_ERRORS},
    openapi_extra=_body(ParcelsIn),
    summary="Push parcels; an answer for each",
)
def push_records(request: HttpRequest) -> HttpResponse:
    """Parcels of records and sealed identities. Answered 200 whenever the batch could be read."""
    body = json_body(request)
    parcels = body.get("parcels")
    if set(body) != {"parcels"} or not isinstance(parcels, list):
        raise RequestRefusedError("SYNC-001", "an object with a list `parcels` is expected")
    if len(parcels) > MOST_PARCELS:
        raise RequestRefusedError("SYNC-002", f"at most {MOST_PARCELS} parcels")
    answers = push(_device(request), parcels)
    return _json({"answers": [answer.body() for answer in answers]})


@api.get("/changes", response={200: Any, **_ERRORS}, summary="Pull changes since a cursor, as NDJSON")
def pull_changes(request: HttpRequest, user: UUID, since: str | None = None) -> StreamingHttpResponse:
    """Lines for one of the device's people; may be cut anywhere and resumed from the last cursor line."""
    device = _device(request)
    person = _person(device, user)
    lines: Iterable[bytes] = changes(device, person, read_cursor(since))
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = StreamingHttpResponse(_packed(lines) if packed else lines, content_type="application/x-ndjson")
    if packed:
        response["Content-Encoding"] = "gzip"
    return response


@api.post(
    "/look-up",
    response={200: Any, **_ERRORS},
    openapi_extra=_body(LookUpIn),
    summary="Look somebody up in the programme, to know her again",
)
def look_up(request: HttpRequest) -> HttpResponse:
    """At most five women: first name, village, site and age. Nobody for whom she is not, or who has no right."""
    wanted, device = _read(LookUpIn, request), _device(request)
    person = _person(device, wanted.user)
    try:
        found = recognise(person, wanted.text, today=timezone.localdate(), device=device)
    except SaysTooLittleError:
        raise RequestRefusedError("DEV-007") from None
    except TooManyError:
        raise RequestRefusedError("DEV-002") from None
    return _json({"matches": [asdict(one) for one in found]})


@api.post(
    "/stays",
    response={200: Any, **_ERRORS},
    openapi_extra=_body(StayIn),
    summary="Say that she is here, with her present",
)
def begin_stay(request: HttpRequest) -> HttpResponse:
    """Her record comes to this site's phones for as long as she stays. The same handle again is the same stay."""
    wanted, device = _read(StayIn, request), _device(request)
    person = _person(device, wanted.user)
    presence = Presence(_site_of(device), wanted.reason, wanted.until)
    return _stay(device, lambda: confirm(wanted.handle, presence, user=person, device=device))


@api.post(
    "/stays/by-card",
    response={200: Any, **_ERRORS},
    openapi_extra=_body(CardStayIn),
    summary="Ask for whoever showed her card while there was no network",
)
def begin_stay_by_card(request: HttpRequest) -> HttpResponse:
    """As if she had been looked up by her card and confirmed, for a visit. Nobody for a card that was replaced."""
    wanted, device = _read(CardStayIn, request), _device(request)
    person, presence = _person(device, wanted.user), Presence(_site_of(device), "visit")
    return _stay(device, lambda: ask_by_card(wanted.card, wanted.request, presence, user=person, device=device))


@api.get("/content/{digest}", response={200: Any, **_ERRORS}, summary="Get published content by digest")
def get_content(request: HttpRequest, digest: str) -> HttpResponse:
    """Content that never changes for a digest."""
    found = Publication.objects.filter(digest=digest).first() if digest.isalnum() else None
    if found is None:
        raise RequestRefusedError("SYNC-006")
    response = HttpResponse(found.body, content_type="application/json")
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def _about(device: Device) -> dict[str, Any]:
    """What a device is told of itself. First names only: they show on nobody's lock screen."""
    site = Site.objects.get(id=device.site)
    organisation = Organisation.objects.get(id=device.organisation)
    people = device.people.filter(is_active=True).order_by("first_name", "id")
    return {
        "device": str(device.id),
        "site": {"id": site.id, "name": site.name},
        "organisation": {"id": organisation.id, "name": organisation.name},
        "server_key": base64.b64encode(public_point()).decode(),
        "users": [
            {"id": str(p.id), "first_name": p.first_name, "role": p.role, "language": p.language} for p in people
        ],
        "demo": bool(settings.DEMO),
    }


_REFUSED: dict[type[Exception], str] = {
    HandleRefusedError: "DEV-008", ImpossibleStayError: "DEV-009", TooManyError: "DEV-002",
}  # fmt: skip


def _stay(device: Device, begun: Callable[[], Stay | None]) -> HttpResponse:
    refused = ""
    with scoped(scope_of_device(device)):
        try:
            stay = begun()
        except tuple(_REFUSED) as error:  # within the transaction, so that the try that was counted stays counted
            refused = _REFUSED[type(error)]
    if refused:
        raise RequestRefusedError(refused)
    return _json({"client": str(stay.client) if stay else None, "until": stay.until.isoformat() if stay else None})


def _site_of(device: Device) -> Site:
    return Site.objects.get(id=device.site)


def _device(request: HttpRequest) -> Device:
    device = getattr(request, "auth", None)
    assert isinstance(device, Device)
    return device


def _person(device: Device, user: UUID) -> User:
    """One of the people who use a device. Raises RequestRefusedError."""
    person = User.objects.filter(id=user, devices=device, is_active=True).first()
    if person is None:
        raise RequestRefusedError("DEV-006")
    return person


def _read(kind: type[T], request: HttpRequest) -> T:
    try:
        return kind.model_validate(json_body(request, _SMALL))
    except ValueError:
        raise RequestRefusedError("SYNC-001", "members are missing or of the wrong type") from None


def _not_too_often(request: HttpRequest, deed: str, most: int) -> None:
    """Count a try, once the body is read: it writes, and a body that comes drop by drop would hold back the feed."""
    try:
        throttle(f"{deed}:{request.META.get('REMOTE_ADDR', '')}", most=most, minutes=5)
    except TooManyError:
        raise RequestRefusedError("DEV-002") from None


def _json(content: dict[str, Any], status: int = 200) -> HttpResponse:
    return HttpResponse(json.dumps(content, ensure_ascii=False), status=status, content_type="application/json")


def _packed(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Gzip that can be read up to every line."""
    packing = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    for line in lines:
        piece = packing.compress(line)
        yield piece + (packing.flush(zlib.Z_SYNC_FLUSH) if b'"event":"cursor"' in line else b"")
    yield packing.flush()
