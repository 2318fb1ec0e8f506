"""Noise monitors: equivalent level of one minute.

A message:

    cb/v1/460106/hb/noise/NO-0015/data
    {"ts":"2026-09-06T07:10:00+08:00","seq":640,"values":{"leq_dba":61.2}}
"""

from city.kinds import BY_NAME
from feeds.native import native_feed

FEED = native_feed(BY_NAME["noise"])
