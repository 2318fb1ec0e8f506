"""Police cars; they can be sent.

A message:

    cb/v1/460107/ga/police/GA-118/data
    {"ts":"2026-09-06T07:10:00+08:00","seq":703,"pos":[110.3553,20.0012],"datum":"gcj02",
     "speed_mps":9.1,"heading_deg":13,"status":"available"}
"""

from city.kinds import BY_NAME
from feeds.native import native_feed

FEED = native_feed(BY_NAME["police"])
