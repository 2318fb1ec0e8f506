"""Street lamps: power drawn, lit or not.

A message:

    cb/v1/460105/sz/lamp/LP-1020/data
    {"ts":"2026-09-06T19:10:00+08:00","seq":3,"values":{"power_w":118,"lit":true}}
"""

from city.kinds import BY_NAME
from feeds.native import native_feed

FEED = native_feed(BY_NAME["lamp"])
