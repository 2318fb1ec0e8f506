"""Wind stations: gust and direction.

A message:

    cb/v1/460108/qx/wind/WS-0004/data
    {"ts":"2026-09-06T07:10:00+08:00","seq":310,"values":{"gust_mps":13.1,"direction_deg":74}}
"""

from city.kinds import BY_NAME
from feeds.native import native_feed

FEED = native_feed(BY_NAME["wind"])
