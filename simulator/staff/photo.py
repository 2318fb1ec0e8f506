"""A photo that a crew might have taken: a drawing of a street, with its place and time in it."""

import io
from datetime import datetime
from random import Random

from PIL import Image, ImageDraw
from PIL.TiffImagePlugin import IFDRational

SIZE = (640, 480)
DATE_TIME_ORIGINAL, OFFSET_TIME_ORIGINAL = 36867, 36881
EXIF, GPS = 0x8769, 0x8825
Place = tuple[float, float]


def photo(case_id: str, slot: str, place: Place | None, at: datetime) -> bytes:
    """A JPEG; the same case and slot, the same drawing."""
    chance = Random(f"{case_id}/{slot}")
    image = Image.new("RGB", SIZE, sky(chance))
    street(ImageDraw.Draw(image), chance)
    ImageDraw.Draw(image).text((12, 458), f"DEMO {at:%Y-%m-%d %H:%M:%S} {case_id}", "white")
    told = io.BytesIO()
    image.save(told, "JPEG", quality=80, exif=taken(image, place, at))
    return told.getvalue()


def sky(chance: Random) -> tuple[int, int, int]:
    """A grey day, or a bright one."""
    light = chance.randrange(120, 200)
    return light, light + 8, light + 24


def street(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    """Houses, a road with its line, and something on it."""
    for left in range(0, SIZE[0], 80):
        shade = chance.randrange(70, 130)
        draw.rectangle((left, chance.randrange(60, 200), left + 72, 300), (shade, shade, shade - 8))
    draw.polygon(((0, 480), (220, 300), (420, 300), (640, 480)), (62, 64, 68))
    for y in range(310, 480, 34):
        draw.line(((320, y), (320, y + 16)), (210, 210, 190), 4)
    x, y = chance.randrange(180, 420), chance.randrange(340, 430)
    draw.ellipse((x, y, x + 110, y + 34), (84, 104, 120))


def taken(image: Image.Image, place: Place | None, at: datetime) -> Image.Exif:
    """When and where, as a phone writes it (EXIF 2.31)."""
    told = image.getexif()
    inside = told.get_ifd(EXIF)
    inside[DATE_TIME_ORIGINAL] = f"{at:%Y:%m:%d %H:%M:%S}"
    inside[OFFSET_TIME_ORIGINAL] = f"{at:%z}"[:3] + ":" + f"{at:%z}"[3:]
    if place:
        lon, lat = place
        told.get_ifd(GPS).update({1: "N" if lat >= 0 else "S", 2: degrees(abs(lat)),
                                  3: "E" if lon >= 0 else "W", 4: degrees(abs(lon))})  # fmt: skip
    return told


def degrees(angle: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    """Degrees, minutes, seconds."""
    minutes = angle % 1 * 60
    seconds = round(minutes % 1 * 60 * 1000)
    return IFDRational(int(angle)), IFDRational(int(minutes)), IFDRational(seconds, 1000)
