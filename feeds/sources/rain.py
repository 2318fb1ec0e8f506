"""Rain gauges of the weather service.

A message:

    cb/v1/460105/qx/rain/RG-0021/data
    {"ts":"2026-09-06T07:10:00+08:00","seq":9041,"values":{"rain_1h_mm":12.4,
     "rain_1min_mm":0.3}}
"""

from city.kinds import BY_NAME
from feeds.native import native_feed

FEED = native_feed(BY_NAME["rain"])
