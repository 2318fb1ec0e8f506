"""Buses of the city on their lines.

A message:

    cb/v1/460106/jt/bus/B-0312/data
    {"ts":"2026-09-06T07:10:00+08:00","seq":4411,"pos":[110.3357,20.0021],"datum":"wgs84",
     "speed_mps":7.4,"heading_deg":181,"values":{"load_pct":64,"line":"28"}}
"""

from city.kinds import BY_NAME
from feeds.native import native_feed

FEED = native_feed(BY_NAME["bus"])
