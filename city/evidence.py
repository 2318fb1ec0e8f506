"""Photos and documents of a case: what is taken, how it is known, and how it is refused."""

from dataclasses import dataclass
from enum import StrEnum

from city.refusal import say

say({
    "too_large": ("文件超过 {megabytes} MB", "The file is larger than {megabytes} MB"),
    "empty_file": ("文件是空的", "The file is empty"),
    "unknown_file": (
        "只接受 JPEG、PNG、WebP 照片和 PDF 文件",
        "Only photos (JPEG, PNG, WebP) and PDF documents are taken",
    ),
    "broken_file": ("文件已损坏,无法打开", "The file is damaged and cannot be opened"),
    "too_many_pixels": (
        "照片尺寸过大(最多 {megapixels} 百万像素)",
        "The photo has too many pixels (at most {megapixels} million)",
    ),
    "unknown_slot": ("没有名为“{slot}”的附件栏", "There is no slot `{slot}`"),
    "reason_missing": ("查看原件须填写理由", "The original is shown for a reason only"),
})  # fmt: skip

OTHER = "other"  # slot of whatever no condition asks for
MOST_PIXELS = 50_000_000


class Media(StrEnum):
    """What is taken, by what it is and not by what it is called."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    PDF = "application/pdf"

    @property
    def is_picture(self) -> bool:
        """Whether it can be shown in a page."""
        return self is not Media.PDF


@dataclass(frozen=True, slots=True)
class Taken:
    """What a photo says of itself (EXIF 2.31): ms since 1970 UTC, [lon, lat] WGS-84."""

    at_ms: int | None = None
    pos: tuple[float, float] | None = None


def media_of(content: bytes) -> Media | None:
    """What the first bytes say that it is; None for what is not taken."""
    if content[:3] == b"\xff\xd8\xff":
        return Media.JPEG
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return Media.PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Media.WEBP
    return Media.PDF if content[:5] == b"%PDF-" else None
