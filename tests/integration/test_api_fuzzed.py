"""The device API against its own description: whatever is sent, no server error, and errors of the documented shape."""

import json
import logging
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from tests.programme import Api, Programme

OPERATIONS = (
    "/devices", "/grants/challenge", "/grants", "/records", "/changes", "/look-up", "/stays", "/stays/by-card",
    "/content/{digest}",
)  # fmt: skip


@pytest.mark.parametrize("path", OPERATIONS)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_whatever_is_sent_there_is_an_answer(
    programme: Programme, path: str, mode: GenerationMode, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.wsgi import get_wsgi_application

    from mentormothers.register import recognition, visiting
    from mentormothers.sync import api

    for slowing in (api, recognition, visiting):
        monkeypatch.setattr(slowing, "throttle", lambda *_, **__: None)
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
    token = Api(programme.phone).token()
    described = json.loads(json.dumps(api.api.get_openapi_schema(path_prefix="/api/v1")))
    schema = schemathesis.openapi.from_dict(described)
    method = "GET" if path in ("/changes", "/content/{digest}") else "POST"
    operation: Any = schema[f"/api/v1{path}"][method]
    tried = []

    @settings(max_examples=20, suppress_health_check=list(HealthCheck), database=None, deadline=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Any) -> None:
        answer = case.call(
            app=get_wsgi_application(), base_url="http://127.0.0.1", headers={"Authorization": f"Bearer {token}"}
        )
        tried.append(answer.status_code)
        assert answer.status_code < 500 or answer.status_code == 503, answer.text
        if answer.status_code >= 400 and "json" in str(answer.headers.get("content-type")):
            assert set(answer.json()) == {"code", "message", "remedy"}

    check()
    assert tried


def test_every_operation_is_fuzzed() -> None:
    from mentormothers.sync import api

    described = api.api.get_openapi_schema(path_prefix="/api/v1")
    assert {path.removeprefix("/api/v1") for path in described["paths"]} == set(OPERATIONS)
