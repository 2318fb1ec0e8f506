"""Warnings that an authority has issued for the city or a district.

A message:

    cb/v1/460100/qx/alert/QX20260906-003/event
    {"id":"QX20260906-003","ts":"2026-09-06T07:10:00+08:00","type":"rain","title":"暴雨橙色预警信号",
     "severity":2}
"""

from city.kinds import Kind
from feeds.native import native_feed

FEED = native_feed(Kind("alert", "预警信号", "Warnings", "qx", period_s=3600))
