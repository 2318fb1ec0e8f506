"""Ambulances; they can be sent.

A message:

    cb/v1/460108/ems/ambulance/A-007/data
    {"ts":"2026-09-06T07:10:00+08:00","seq":91,"pos":[110.3512,20.0223],"speed_mps":14.0,
     "heading_deg":270,"status":"en_route"}
"""

from city.kinds import BY_NAME
from feeds.native import native_feed

FEED = native_feed(BY_NAME["ambulance"])
