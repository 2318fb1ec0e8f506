"""Load of transformers and lines.

A message:

    cb/v1/460106/gd/power/PL-0006/data
    {"ts":"2026-09-06T07:10:00+08:00","seq":1002,"values":{"load_pct":71.3,"load_kw":44600}}
"""

from city.kinds import BY_NAME
from feeds.native import native_feed

FEED = native_feed(BY_NAME["power"])
