"""Sweepers and refuse trucks; they can be sent.

A message:

    cb/v1/460108/hw/sanitation/HW-044/data
    {"ts":"2026-09-06T07:10:00+08:00","seq":66,"pos":[110.3688,20.0341],"speed_mps":2.1,
     "heading_deg":355,"status":"busy","values":{"fill_pct":40}}
"""

from city.kinds import BY_NAME
from feeds.native import native_feed

FEED = native_feed(BY_NAME["sanitation"])
