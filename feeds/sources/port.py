"""Ferry ports of the strait: vehicles waiting, service suspended.

A message:

    cb/v1/460105/jt/port/XH/data
    {"ts":"2026-09-06T07:10:00+08:00","seq":212,"values":{"queue_veh":640,"suspended":false}}
"""

from city.kinds import BY_NAME
from feeds.native import native_feed

FEED = native_feed(BY_NAME["port"])
