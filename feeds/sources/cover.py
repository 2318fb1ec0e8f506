"""Manhole covers: tilt and battery.

A message:

    cb/v1/460108/sz/cover/CV-0456/data
    {"ts":"2026-09-06T07:10:00+08:00","seq":15,"values":{"tilt_deg":0.5,"battery_v":3.58}}
"""

from city.kinds import BY_NAME
from feeds.native import native_feed

FEED = native_feed(BY_NAME["cover"])
