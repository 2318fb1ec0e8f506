"""Gas regulators: leak concentration and pressure.

A message:

    cb/v1/460107/rq/gas/GR-0018/data
    {"ts":"2026-09-06T07:10:00+08:00","seq":1001,"values":{"leak_lel_pct":0,
     "pressure_kpa":210.5}}
"""

from city.kinds import BY_NAME
from feeds.native import native_feed

FEED = native_feed(BY_NAME["gas"])
