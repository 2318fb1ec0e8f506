"""Level of rivers and lakes, and how far it stands above the warning level.

A message:

    cb/v1/460106/sw/waterlevel/RL-0003/data
    {"ts":"2026-09-06T07:10:00+08:00","seq":77,"values":{"over_warning_m":-0.42,"level_m":2.18}}
"""

from city.kinds import BY_NAME
from feeds.native import native_feed

FEED = native_feed(BY_NAME["waterlevel"])
