"""Pump stations of the drainage: sump level, pumps running, flow.

A message:

    cb/v1/460108/sw/pump/PS-0012/data
    {"ts":"2026-09-06T07:10:00+08:00","seq":5120,"values":{"sump_m":1.9,"running":2,
     "flow_m3ps":1.35}}
"""

from city.kinds import BY_NAME
from feeds.native import native_feed

FEED = native_feed(BY_NAME["pump"])
