"""Repair crews of municipal works: covers, lamps, roads, trees across them; they can be sent.

A message:

    cb/v1/460107/sz/repair/R-015/data
    {"ts":"2026-09-06T07:10:00+08:00","seq":17,"pos":[110.3531,20.0077],"speed_mps":7.4,
     "heading_deg":95,"status":"returning"}
"""

from city.kinds import BY_NAME
from feeds.native import native_feed

FEED = native_feed(BY_NAME["repair"])
