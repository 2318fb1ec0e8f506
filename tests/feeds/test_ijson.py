"""JSON that means one thing only."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.feed import BadMessage
from feeds.standards.ijson import DEEPEST, LARGEST, depth, read, read_object

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.booleans())
def test_what_json_writes_is_read_as_it_was(value: Any, ascii_only: bool) -> None:
    try:
        payload = json.dumps(value, ensure_ascii=ascii_only).encode()
    except UnicodeEncodeError:
        return  # half a surrogate pair has no UTF-8

    assert read(payload) == value


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "not_json"),
        (b"\x00\x01\x02", "not_json"),
        (b"\xff\xfe{\x00}\x00", "not_utf8"),
        (b'{"a":"\xc3\x28"}', "not_utf8"),
        (b'{"a":"\\ud800"}', "not_utf8"),
        (b'{"\\udfff":1}', "not_utf8"),
        (b"\xef\xbb\xbf{}", "not_json"),
        (b'{"a":1', "not_json"),
        (b'{"a":1}{"b":2}', "not_json"),
        (b'{"a":1},{"b":2}', "not_json"),
        (b"{'a':1}", "not_json"),
        (b'{"a":1,}', "not_json"),
        (b'{"a":"line\nbreak"}', "not_json"),
        (b'{"a":NaN}', "not_finite"),
        (b'{"a":-Infinity}', "not_finite"),
        (b'{"a":[1e999]}', "not_finite"),
        (b'{"a":-1e999}', "not_finite"),
        (b'{"a":' + b"9" * 400 + b"}", "not_finite"),
        (b'{"a":' + b"9" * 5000 + b"}", "not_finite"),
        (b'{"a":1,"a":1}', "duplicate_key"),
        (b'{"a":1,"\\u0061":2}', "duplicate_key"),
        (b'{"x":[{"a":{"b":1,"b":2}}]}', "duplicate_key"),
        (b'{"a":' + b"[" * 40 + b"]" * 40 + b"}", "too_deep"),
        (b"[" * 60_000, "too_deep"),
        (b'{"a":' * 12_000, "too_deep"),
        (b'{"a":"' + b"x" * LARGEST + b'"}', "too_large"),
        (b"[]", "bad_shape"),
        (b'"text"', "bad_shape"),
        (b"null", "bad_shape"),
    ],
)
def test_what_is_no_plain_object_is_refused_with_its_reason(payload: bytes, reason: str) -> None:
    with pytest.raises(BadMessage) as refused:
        read_object(payload)

    assert refused.value.reason == reason
    assert refused.value.sentence.endswith(".")


def test_the_deepest_that_is_allowed_is_read() -> None:
    payload = b"[" * DEEPEST + b"]" * DEEPEST

    assert depth(payload) in (0, DEEPEST)
    assert read(payload) is not None


def test_brackets_in_texts_are_not_depth() -> None:
    text = '{"a":"' + "[{" * 50 + '\\"' + "[" * 50 + '"}'

    assert read_object(text.encode()) == json.loads(text)
