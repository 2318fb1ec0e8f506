"""Requests of citizens to the 12345 hot line.

A message:

    cb/v1/460106/rx/hotline/HL20260906-00123/event
    {"id":"HL20260906-00123","ts":"2026-09-06T07:10:00+08:00","type":"0406","title":"道路积水",
     "description":"…","pos":[110.3357,20.0021],"severity":3,"reporter":{"phone":"…"}}
"""

from city.kinds import Kind
from feeds.native import native_feed

FEED = native_feed(Kind("hotline", "12345 热线", "Hot line", "rx", period_s=3600))
