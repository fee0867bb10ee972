"""Publishing content to phones: forms, the protocol, the vocabulary. A published version never changes."""

import hashlib
import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from mentormothers import PROGRAMME
from mentormothers.care.models import Publication
from mentormothers.engines.phone import for_phones
from mentormothers.facts.vocabulary import vocabulary
from mentormothers.forms.checking import check_form
from mentormothers.forms.languages import without_languages
from mentormothers.forms.model import Form, form_from
from mentormothers.forms.xform import read_xlsform
from mentormothers.protocol.model import Protocol


class PublishingError(Exception):
    """Something cannot be published; the message says what and what to do."""


@transaction.atomic
def publish_programme(protocol: Protocol, folder: Path = PROGRAMME) -> list[str]:
    """Publish what is new of the programme folder with a protocol. Gives what was published, as `kind name version`."""
    contents = [_vocabulary(), _protocol(protocol)]
    contents += [_form(path) for path in sorted((folder / "forms").glob("*.xlsx"))]
    return [f"{kind} {name} {version}" for kind, name, version, body in contents if _publish(kind, name, version, body)]


@cache
def published_form(name: str, version: str) -> Form | None:
    """A published form by name and version."""
    found = Publication.objects.filter(kind="form", name=name, version=version).first()
    return form_from(json.loads(found.body)["form"]) if found else None


def _publish(kind: str, name: str, version: str, body: dict[str, Any]) -> bool:
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    known = Publication.objects.filter(kind=kind, name=name, version=version).first()
    if known is None:
        Publication.objects.create(kind=kind, name=name, version=version, digest=digest, body=text)
        return True
    if known.digest != digest:
        raise PublishingError(
            f"{kind} {name} {version} is published with other content. Please give the changed one a new version"
        )
    return False


def _form(path: Path) -> tuple[str, str, str, dict[str, Any]]:
    faults = check_form(path)
    if faults:
        raise PublishingError(f"{path.name}: " + "; ".join(str(fault) for fault in faults))
    published = read_xlsform(path)
    form, xform = published.form, published.xform
    if not settings.DEMO:  # no woman is asked in words that nobody has checked
        form, xform = without_languages(form, xform, form.unchecked)
    return "form", form.id, form.version, {"form": form.definition(), "xform": xform}


def _protocol(protocol: Protocol) -> tuple[str, str, str, dict[str, Any]]:
    # What is made of it may get better while the protocol stays: the version that phones see names both.
    made = for_phones(protocol)
    digest = hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()[:8]
    body = made | {
        "id": protocol.id,
        "version": protocol.version,
        "title": protocol.title,
        "rule": protocol.rule,
        "signed_off_by": protocol.signed_off_by.name if protocol.signed_off_by else "",
        "lost": asdict(protocol.lost),
    }
    return "protocol", protocol.id, f"{protocol.version}.{digest}", body


def _vocabulary() -> tuple[str, str, str, dict[str, Any]]:
    words = vocabulary()
    kinds = {name: {k: v for k, v in asdict(kind).items() if k != "name"} for name, kind in words.kinds.items()}
    body = {"kinds": kinds, "roles": list(words.roles), "sources": list(words.sources)}
    text = json.dumps(body, sort_keys=True)
    return "vocabulary", "vocabulary", hashlib.sha256(text.encode()).hexdigest()[:12], body
