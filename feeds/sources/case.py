"""Cases that another system of the city has opened.

A message:

    cb/v1/460108/zhzf/case/ZH20260906-0042/event
    {"id":"ZH20260906-0042","ts":"2026-09-06T07:10:00+08:00","type":"0101","title":"…",
     "pos":[110.3512,20.0223],"severity":4}
"""

from city.kinds import Kind
from feeds.native import native_feed

FEED = native_feed(Kind("case", "外部案件", "Cases from outside", "zhzf", period_s=3600))
