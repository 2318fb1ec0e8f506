"""Photos are taken in whole, shown without what they betray, and hostile files are refused."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from city.roles import Role
from simulator.staff.photo import photo
from store.store import Store
from tests.desk import MONDAY, actor, opening_order
from tests.seats import token

HERE = (110.3357, 20.0021)
GPS = 0x8825


@pytest.fixture
def case_id(store: Store, client: TestClient) -> str:
    case, _ = store.cases.create(opening_order(), actor(Role.ACCEPTOR))
    return case.id


def bearer(store: Store, role: Role, **scope: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {token(store, role, **scope)}"}


@pytest.fixture
def acceptor(store: Store) -> dict[str, str]:
    return bearer(store, Role.ACCEPTOR)


def a_photo(place: tuple[float, float] | None = HERE) -> bytes:
    return photo("HK1", "after_photo", place, MONDAY)


def send(client: TestClient, case_id: str, who: dict[str, str], content: bytes,
         slot: str = "after_photo", name: str = "a.jpg") -> Any:  # fmt: skip
    return client.post(f"/api/v1/cases/{case_id}/evidence", headers=who, data={"slot": slot},
                       files={"file": (name, content)})  # fmt: skip


def test_a_photo_is_on_file_with_its_time_and_distance(
    client: TestClient, case_id: str, acceptor: dict[str, str]
) -> None:
    answer = send(client, case_id, acceptor, a_photo((HERE[0], HERE[1] + 0.0009)))

    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told["slot"] == "after_photo"
    assert told["taken_at"] == "2026-09-07T01:00:00.000Z"
    assert told["distance_m"] == 100
    case = client.get(f"/api/v1/cases/{case_id}", headers=acceptor).json()
    assert [one["digest"] for one in case["evidence"]] == [told["digest"]]
    assert case["version"] == 2


@pytest.mark.parametrize("size", ["view", "thumb"])
def test_what_is_shown_holds_no_place_and_no_time(
    client: TestClient, case_id: str, acceptor: dict[str, str], size: str
) -> None:
    digest = send(client, case_id, acceptor, a_photo()).json()["digest"]

    shown = client.get(f"/api/v1/cases/{case_id}/evidence/{digest}?size={size}", headers=acceptor)

    assert shown.headers["content-type"] == "image/jpeg"
    assert "sandbox" in shown.headers["content-security-policy"]
    assert dict(Image.open(io.BytesIO(shown.content)).getexif()) == {}
    assert b"Exif" not in shown.content


def test_the_original_is_shown_for_a_reason_to_those_who_may_and_is_on_record(
    client: TestClient, store: Store, case_id: str, acceptor: dict[str, str]
) -> None:
    original = a_photo()
    digest = send(client, case_id, acceptor, original).json()["digest"]
    path = f"/api/v1/cases/{case_id}/evidence/{digest}?size=original"
    leader = bearer(store, Role.LEADER)

    assert client.get(path, headers=acceptor).status_code == 422
    assert client.get(f"{path}&reason=复核", headers=leader).status_code == 403
    given = client.get(f"{path}&reason=复核", headers=acceptor)

    assert given.content == original
    trail = store.redis.xrange("audit:{desk}")
    unmasked = [fields[b"r"] for _, fields in trail if b"case.unmask" in fields[b"r"]]
    assert [b'"outcome":"refused"' in one for one in unmasked] == [True, True, False]
    assert "复核".encode() in unmasked[-1]


def test_a_file_of_another_case_is_not_found(
    client: TestClient, store: Store, case_id: str, acceptor: dict[str, str]
) -> None:
    digest = send(client, case_id, acceptor, a_photo()).json()["digest"]
    other, _ = store.cases.create(opening_order(external_id="HL-2"), actor(Role.ACCEPTOR))

    found = client.get(f"/api/v1/cases/{other.id}/evidence/{digest}", headers=acceptor)

    assert found.status_code == 404


def test_who_may_not_attach_leaves_no_file(client: TestClient, store: Store, case_id: str) -> None:
    evaluator = bearer(store, Role.EVALUATOR)

    assert send(client, case_id, evaluator, a_photo()).status_code == 403
    client.cookies.clear()
    assert client.post(f"/api/v1/cases/{case_id}/evidence").status_code == 401
    assert store.cases.get(case_id).evidence == ()


def bomb() -> bytes:
    """A PNG of a few bytes that says it is 60,000 × 60,000."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
            + chunk(b"IDAT", zlib.compress(b"\0" * 10_000)) + chunk(b"IEND", b""))  # fmt: skip


HOSTILE = {
    "empty": (b"", "empty_file"),
    "a script in a drawing": (b"<svg onload='alert(1)'/>", "unknown_file"),
    "a page called a photo": (b"<html><script>alert(1)</script>", "unknown_file"),
    "a program": (b"MZ\x90\0" + b"\0" * 100, "unknown_file"),
    "a bomb": (bomb(), "too_many_pixels"),
    "half a photo": (a_photo()[:2000], "broken_file"),
    "the first bytes of a photo alone": (b"\xff\xd8\xff" + b"\0" * 64, "broken_file"),
    "a PNG that is a JPEG inside": (b"\x89PNG\r\n\x1a\n" + a_photo(), "broken_file"),
    "too large": (b"%PDF-1.7" + b"\0" * 12_000_001, "too_large"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words(
    client: TestClient, store: Store, case_id: str, acceptor: dict[str, str], name: str
) -> None:
    content, reason = HOSTILE[name]

    answer = send(client, case_id, acceptor, content)

    assert (answer.status_code, answer.json()["reason"]) == (422, reason)
    assert answer.json()["detail"]
    assert store.cases.get(case_id).evidence == ()


def test_a_photo_that_is_a_page_too_becomes_a_photo_only(
    client: TestClient, case_id: str, acceptor: dict[str, str]
) -> None:
    digest = send(client, case_id, acceptor, a_photo() + b"<script>alert(1)</script>").json()[
        "digest"
    ]

    shown = client.get(f"/api/v1/cases/{case_id}/evidence/{digest}", headers=acceptor)

    assert b"<script>" not in shown.content


@pytest.mark.parametrize("broken", [
    {2: (1, 2), 4: (3, 4)}, {2: (91, 0, 0), 4: (10, 0, 0)},
    {2: (0, 0, 0), 4: (0, 0, 0)},
])  # fmt: skip
def test_a_place_that_is_none_is_left_out(
    client: TestClient, case_id: str, acceptor: dict[str, str], broken: dict[int, Any]
) -> None:
    image = Image.new("RGB", (40, 30))
    told = image.getexif()
    told.get_ifd(GPS).update(broken)
    content = io.BytesIO()
    image.save(content, "JPEG", exif=told)

    answer = send(client, case_id, acceptor, content.getvalue())

    assert (answer.status_code, answer.json()["distance_m"]) == (201, None)


def test_a_document_is_handed_over_and_not_shown(
    client: TestClient, case_id: str, acceptor: dict[str, str]
) -> None:
    digest = send(client, case_id, acceptor, b"%PDF-1.7\n...", "decision").json()["digest"]

    given = client.get(f"/api/v1/cases/{case_id}/evidence/{digest}", headers=acceptor)

    assert given.headers["content-disposition"].startswith("attachment")
    assert given.content == b"%PDF-1.7\n..."


def test_an_unknown_slot_and_an_unknown_file_are_said(
    client: TestClient, case_id: str, acceptor: dict[str, str]
) -> None:
    assert send(client, case_id, acceptor, a_photo(), "elsewhere").json()["reason"] == (
        "unknown_slot"
    )
    for name in ("../../etc/passwd", "0" * 64, "zz"):
        path = f"/api/v1/cases/{case_id}/evidence/{name}"
        assert client.get(path, headers=acceptor).status_code == 404
