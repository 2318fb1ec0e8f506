"""Every other kind of our own contract: taken as it comes, without ranges, until somebody names it.

A message:

    cb/v1/460106/zj/crane/TC-09/data
    {"ts":"2026-09-06T07:10:00+08:00","seq":4,"values":{"moment_pct":62}}
"""

from city.kinds import Kind
from feeds.native import native_feed

FEED = native_feed(
    Kind("undeclared", "未登记", "Not in the catalogue", "", period_s=60), is_fallback=True
)
