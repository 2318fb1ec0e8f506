"""Whatever bytes come as a photo, it is taken whole or refused in words; nothing else happens."""

import errno
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from city.evidence import Taken
from city.refusal import Malformed
from store import evidence
from store.evidence import ORIGINAL, THUMB, VIEW, EvidenceStore, drawn, media_of

EXIF, GPS, ORIENTATION, TAKEN_AT, ZONE = 0x8769, 0x8825, 0x0112, 36867, 36881
FORMATS = ("JPEG", "PNG", "WEBP")
RED, BLUE = (220, 20, 20), (20, 20, 220)


def photo(kind: str = "JPEG", orientation: int = 1, taken: str = "2026:09:07 09:00:00",
          zone: str = "+08:00") -> bytes:  # fmt: skip
    """60 × 40, its upper left quarter red, with time and place."""
    image = Image.new("RGB", (60, 40), BLUE)
    image.paste(RED, (0, 0, 30, 20))
    told = image.getexif()
    told[ORIENTATION] = orientation
    told.get_ifd(EXIF).update({TAKEN_AT: taken, ZONE: zone})
    told.get_ifd(GPS).update({1: "N", 2: (20.0, 0.0, 7.56), 3: "E", 4: (110.0, 20.0, 8.52)})
    content = io.BytesIO()
    image.save(content, kind, exif=told, **({"quality": 95} if kind != "PNG" else {}))
    return content.getvalue()


SEEDS = [photo(kind) for kind in FORMATS]


def view_of(content: bytes) -> Image.Image:
    kind = media_of(content)
    assert kind
    return Image.open(io.BytesIO(drawn(content, kind)[1][VIEW]))


@pytest.mark.parametrize("kind", FORMATS)
def test_time_and_place_are_read_from_every_kind_of_photo(kind: str) -> None:
    content = photo(kind)

    known, _ = drawn(content, media_of(content))  # type: ignore[arg-type]

    assert known.at_ms == 1_788_742_800_000
    assert known.pos == pytest.approx((110.3357, 20.0021), abs=1e-6)


@pytest.mark.parametrize(
    ("orientation", "corner", "size"),
    [(1, "upper left", (60, 40)), (2, "upper right", (60, 40)), (3, "lower right", (60, 40)),
     (4, "lower left", (60, 40)), (5, "upper left", (40, 60)), (6, "upper right", (40, 60)),
     (7, "lower right", (40, 60)), (8, "lower left", (40, 60))],
)  # fmt: skip
def test_a_photo_is_shown_upright(orientation: int, corner: str, size: tuple[int, int]) -> None:
    view = view_of(photo(orientation=orientation))

    down, right = corner.split()
    x = 8 if right == "left" else size[0] - 8
    y = 8 if down == "upper" else size[1] - 8
    assert view.size == size
    assert view.getpixel((x, y)) == pytest.approx(RED, abs=30)


def test_the_small_rendition_is_of_the_same_photo(tmp_path: Path) -> None:
    files = EvidenceStore(tmp_path, 12)
    large = io.BytesIO()
    Image.new("RGB", (3000, 2000), RED).save(large, "JPEG")

    digest = files.keep(large.getvalue()).digest

    sizes = [Image.open(io.BytesIO(files.read(digest, size))).size for size in (VIEW, THUMB)]
    assert sizes == [(1600, 1067), (320, 213)]
    assert files.read(digest, ORIGINAL) == large.getvalue()


@pytest.mark.parametrize("taken", ["0001:01:01 00:00:00", "9999:12:31 23:59:59", "    :  :  ",
                                   "2026:13:40 00:00:00"])  # fmt: skip
def test_a_time_that_no_camera_has_is_left_out(taken: str) -> None:
    known, _ = drawn(photo(taken=taken), media_of(SEEDS[0]))  # type: ignore[arg-type]

    assert known.at_ms is None


@settings(max_examples=400, deadline=None)
@given(
    seed=st.sampled_from(SEEDS),
    changes=st.lists(
        st.tuples(st.integers(12, 420), st.sampled_from(["set", "cut", "add"]),
                  st.binary(min_size=1, max_size=12)),
        min_size=1, max_size=8,
    ),
)  # fmt: skip
def test_a_damaged_photo_is_taken_or_refused_in_words(
    seed: bytes, changes: list[tuple[int, str, bytes]]
) -> None:
    content = bytearray(seed)
    for place, how, some in changes:
        end = place if how == "add" else place + len(some)
        content[place:end] = b"" if how == "cut" else some

    kind = media_of(bytes(content))
    assert kind
    try:
        known, renditions = drawn(bytes(content), kind)
    except Malformed as refusal:
        assert refusal.reason in ("broken_file", "too_many_pixels")
    else:
        assert isinstance(known, Taken)
        assert set(renditions) == {VIEW, THUMB}


def test_a_photo_whose_data_cannot_be_written_anew_is_taken(tmp_path: Path) -> None:
    # A rational where the first number is text: readers read it, writers fail on it.
    odd = bytearray(photo(orientation=6))
    place = odd.index(b"\x02\x00\x05\x00\x03\x00\x00\x00") if odd[:2] == b"II" else -1
    big = odd.find(b"\x00\x02\x00\x05\x00\x00\x00\x03")
    at = place if place >= 0 else big
    assert at > 0
    odd[at + 2 : at + 4] = b"\x00\x02"  # its kind: ASCII instead of rational

    known, renditions = drawn(bytes(odd), media_of(bytes(odd)))  # type: ignore[arg-type]

    assert known.pos is None
    assert Image.open(io.BytesIO(renditions[VIEW])).size == (40, 60)


def test_a_full_disk_is_not_called_a_damaged_photo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _content: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(evidence, "write", full)

    with pytest.raises(OSError, match="No space"):
        EvidenceStore(tmp_path, 12).keep(SEEDS[0])
