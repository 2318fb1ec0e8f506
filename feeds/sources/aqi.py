"""Air quality stations: fine and coarse dust, ozone.

A message:

    cb/v1/460106/hb/aqi/AQ-0009/data
    {"ts":"2026-09-06T07:10:00+08:00","seq":288,"values":{"pm25_ugm3":17,"pm10_ugm3":33,
     "o3_ugm3":61}}
"""

from city.kinds import BY_NAME
from feeds.native import native_feed

FEED = native_feed(BY_NAME["aqi"])
