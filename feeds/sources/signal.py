"""Traffic signals: faults and the present phase.

A message:

    cb/v1/460106/jj/signal/SG-0101/data
    {"ts":"2026-09-06T07:10:00+08:00","seq":20,"values":{"faults":0,"phase":3}}
"""

from city.kinds import BY_NAME
from feeds.native import native_feed

FEED = native_feed(BY_NAME["signal"])
