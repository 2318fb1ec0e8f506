"""Pictures opened with care: what they say of themselves, and drawn anew without it."""

import io
import math
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from city.evidence import MOST_PIXELS, Media, Taken
from city.refusal import Malformed

CHINA_OFFSET = "+08:00"  # where a camera does not say its zone
EXIF, GPS = 0x8769, 0x8825
DATE_TIME_ORIGINAL, OFFSET_TIME_ORIGINAL = 36867, 36881
NORTH_SOUTH, LATITUDE, EAST_WEST, LONGITUDE = 1, 2, 3, 4
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
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, ZeroDivisionError):
        return Taken()


def time_of(told: Mapping[int, Any]) -> int | None:
    """Ms since 1970 UTC."""
    said = told.get(DATE_TIME_ORIGINAL)
    if not said:
        return None
    offset = str(told.get(OFFSET_TIME_ORIGINAL) or CHINA_OFFSET).strip("\0 ")
    at = datetime.strptime(str(said).strip("\0 ") + offset, "%Y:%m:%d %H:%M:%S%z")
    return round(at.timestamp() * 1000)


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
    """A JPEG of the pixels alone, upright, no side longer than so many."""
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((most_pixels, most_pixels))
    plain = Image.new("RGB", upright.size, "white")
    see_through = upright.convert("RGBA")
    plain.paste(see_through, mask=see_through.getchannel("A"))
    told = io.BytesIO()
    plain.save(told, "JPEG", quality=85)
    return told.getvalue()
