"""Canonical JSON: the quick writer and the library agree byte for byte, or the library is asked."""

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from mentormothers.care.records import UnreadableRecordError, canonical, signed_text

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**54), 2**54) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=5))
def test_any_object_is_written_as_the_library_writes_it(members: dict[str, object]) -> None:
    try:
        expected = rfc8785.dumps(members)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError):
        with pytest.raises(UnreadableRecordError):
            canonical(members)
    else:
        assert canonical(members) == expected


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1.0}', '{"a": 1e30}', '{"a": -0.0}', '{"a": [0.1, 2]}', '{"a": 9007199254740991}', '{"b": 1, "a": {"z": 2}}',
        '{"a": ":1.5"}', '{"a": "\\u007f\\u001f\\b\\"\\\\/"}', '{"\\ue000": 1, "\\ud83d\\ude00": 2}', '{"a": "\\u20ac"}', "{}",
    ],
)  # fmt: skip
def test_what_could_differ(text: str) -> None:
    assert canonical(json.loads(text)) == rfc8785.dumps(json.loads(text))


@pytest.mark.parametrize("text", ['{"a": 9007199254740992}', '{"a": -90071992547409920}', '{"a": "\\ud83d"}'])
def test_what_json_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(UnreadableRecordError):
        canonical(json.loads(text))


@given(
    st.dictionaries(st.text(max_size=5) | st.just("signature"), VALUES | st.just('"signature":"x","site":1')), st.text()
)
def test_the_signed_text_is_the_record_without_its_signature(answers: dict[str, object], signature: str) -> None:
    record = {"answers": answers, "id": "a", "seals": ["ab"], "signature": signature, "site": 1, "source": "lab"}
    try:
        signed = canonical({name: value for name, value in record.items() if name != "signature"})
        body = canonical(record)
    except UnreadableRecordError:
        return
    assert signed_text(body) == signed
