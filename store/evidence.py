"""Photos and documents on disk, by the SHA-256 of their bytes; a case's log says whose they are.

A picture is kept as it came, for those who may see its place and time, and drawn anew for all
others. A file is written aside, flushed and then named, so a name always stands for the whole.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from city.evidence import Media, Taken, media_of
from city.refusal import Malformed, NotFound
from store.pictures import THUMB_PIXELS, VIEW_PIXELS, drawn_anew, opened, taken

ORIGINAL, VIEW, THUMB = "original", "view", "thumb"
SIZES = (ORIGINAL, VIEW, THUMB)
RENDITIONS = {VIEW: VIEW_PIXELS, THUMB: THUMB_PIXELS}
WHAT = ("附件", "attachment")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was taken."""

    digest: str
    media: Media
    size: int
    taken: Taken


class EvidenceStore:
    """A folder that all web processes share."""

    def __init__(self, folder: Path, most_megabytes: int) -> None:
        self._folder = folder
        self.most_megabytes = most_megabytes

    @property
    def most_bytes(self) -> int:
        """The largest file that is taken."""
        return self.most_megabytes * 1_000_000

    def keep(self, content: bytes) -> Kept:
        """Looks into a file and keeps it; raises Malformed for what is not taken."""
        media = self._admitted(content)
        digest = sha256(content).hexdigest()
        known, renditions = drawn(content, media) if media.is_picture else (Taken(), {})
        for size, rendition in {**renditions, ORIGINAL: content}.items():
            write(self._path(digest, size), rendition)
        return Kept(digest, media, len(content), known)

    def read(self, digest: str, size: str) -> bytes:
        """One rendition; NotFound where there is none (a document has only its original)."""
        try:
            return self._path(digest, size).read_bytes()
        except OSError:
            raise NotFound("not_found", name=digest[:12], what=WHAT) from None

    def _admitted(self, content: bytes) -> Media:
        if not content:
            raise Malformed("empty_file")
        if len(content) > self.most_bytes:
            raise Malformed("too_large", megabytes=self.most_megabytes)
        media = media_of(content)
        if media is None:
            raise Malformed("unknown_file")
        return media

    def _path(self, digest: str, size: str) -> Path:
        if size not in SIZES or len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise NotFound("not_found", name=digest[:12], what=WHAT)
        return self._folder / digest[:2] / f"{digest}.{size}"


def drawn(content: bytes, media: Media) -> tuple[Taken, Mapping[str, bytes]]:
    """What a picture says of itself, and its renditions; what cannot be drawn is not taken."""
    with opened(content, media) as image:
        known = taken(image)
        # From the large to the small: each is drawn from the one before.
        return known, {size: drawn_anew(image, pixels) for size, pixels in RENDITIONS.items()}


def write(path: Path, content: bytes) -> None:
    """Whole and on disk, or not there."""
    if path.is_file():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
