"""Pictures opened with care: what they say of themselves, and drawn anew without it."""

import io
import math
import struct
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from PIL import Image, UnidentifiedImageError

from city.evidence import MOST_PIXELS, Media, Taken
from city.refusal import Malformed

CHINA_OFFSET = "+08:00"  # where a camera does not say its zone
CAMERA_YEARS = range(1990, 2101)  # a clock that was never set says something else
EXIF, GPS = 0x8769, 0x8825
DATE_TIME_ORIGINAL, OFFSET_TIME_ORIGINAL = 36867, 36881
NORTH_SOUTH, LATITUDE, EAST_WEST, LONGITUDE = 1, 2, 3, 4
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What odd EXIF blocks bring about; a photo is taken all the same.
UNREADABLE = (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError,
              AttributeError, struct.error)  # fmt: skip
VIEW_PIXELS, THUMB_PIXELS = 1600, 320
FORMATS = {Media.JPEG: "JPEG", Media.PNG: "PNG", Media.WEBP: "WEBP"}


@contextmanager
def opened(content: bytes, media: Media) -> Iterator[Image.Image]:
    """A picture of the kind that its first bytes promise; Malformed where it is not sound."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd EXIF blocks; a bomb is judged by its size
            with Image.open(io.BytesIO(content), formats=[FORMATS[media]]) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise too_many_pixels()
                yield image
    except Image.DecompressionBombError:
        raise too_many_pixels() from None
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError) as trouble:
        raise Malformed("broken_file") from trouble


def too_many_pixels() -> Malformed:
    """Opened, it would fill the memory."""
    return Malformed("too_many_pixels", megapixels=MOST_PIXELS // 1_000_000)


def taken(image: Image.Image) -> Taken:
    """When and where; nothing where it does not say so, or says nonsense."""
    try:
        told = image.getexif()
        return Taken(time_of(told.get_ifd(EXIF)), place_of(told.get_ifd(GPS)))
    except UNREADABLE:
        return Taken()


def time_of(told: Mapping[int, Any]) -> int | None:
    """Ms since 1970 UTC."""
    said = told.get(DATE_TIME_ORIGINAL)
    if not said:
        return None
    offset = str(told.get(OFFSET_TIME_ORIGINAL) or CHINA_OFFSET).strip("\0 ")
    at = datetime.strptime(str(said).strip("\0 ") + offset, "%Y:%m:%d %H:%M:%S%z")
    return round(at.timestamp() * 1000) if at.year in CAMERA_YEARS else None


def place_of(told: Mapping[int, Any]) -> tuple[float, float] | None:
    """[lon, lat]; a receiver without a fix writes zeros or nothing."""
    if LATITUDE not in told or LONGITUDE not in told:
        return None
    lat, lon = angle(told[LATITUDE]), angle(told[LONGITUDE])
    lat = -lat if str(told.get(NORTH_SOUTH, "N")).startswith("S") else lat
    lon = -lon if str(told.get(EAST_WEST, "E")).startswith("W") else lon
    is_sound = math.isfinite(lat + lon) and abs(lat) <= 90 and abs(lon) <= 180
    return (round(lon, 7), round(lat, 7)) if is_sound and (lat or lon) else None


def angle(parts: Any) -> float:
    """Degrees, minutes and seconds as degrees."""
    degrees, minutes, seconds = (float(part) for part in parts)
    return degrees + minutes / 60 + seconds / 3600


def drawn_anew(image: Image.Image, most_pixels: int) -> bytes:
    """A JPEG of the pixels alone, upright, no side longer than so many; `image` shrinks by it."""
    image.thumbnail((most_pixels, most_pixels))
    turn = turn_of(image)
    see_through = (image if turn is None else image.transpose(turn)).convert("RGBA")
    plain = Image.new("RGB", see_through.size, "white")
    plain.paste(see_through, mask=see_through.getchannel("A"))
    told = io.BytesIO()
    plain.save(told, "JPEG", quality=85)
    return told.getvalue()


def turn_of(image: Image.Image) -> Image.Transpose | None:
    """How a photo has to be turned (EXIF 2.31, Orientation), read without writing EXIF anew."""
    try:
        return TURNS.get(image.getexif().get(ORIENTATION, 1))
    except UNREADABLE:
        return None
