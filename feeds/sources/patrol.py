"""Vehicles of city law enforcement; they can be sent.

A message:

    cb/v1/460106/zhzf/patrol/P-012/data
    {"ts":"2026-09-06T07:10:00+08:00","pos":[110.33,20.03],"datum":"wgs84","speed_mps":6.2,
     "heading_deg":92,"status":"available"}
"""

from city.kinds import BY_NAME
from feeds.native import native_feed

FEED = native_feed(BY_NAME["patrol"])
