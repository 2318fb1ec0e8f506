"""Ponding depth under bridges and in low streets.

A message:

    cb/v1/460106/sw/waterlogging/WL-0007/data
    {"ts":"2026-09-06T07:10:00+08:00","seq":812,"values":{"depth_cm":31.5},"q":"good"}
"""

from city.kinds import BY_NAME
from feeds.native import native_feed

FEED = native_feed(BY_NAME["waterlogging"])
