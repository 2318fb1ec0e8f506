"""Traffic detectors: mean speed, flow, occupancy.

A message:

    cb/v1/460106/jj/flow/FL-0230/data
    {"ts":"2026-09-06T07:10:00+08:00","seq":1440,"values":{"speed_kmh":34,"flow_vph":1260,
     "occupancy_pct":18.5}}
"""

from city.kinds import BY_NAME
from feeds.native import native_feed

FEED = native_feed(BY_NAME["flow"])
