"""Answers of the field to its orders: accepted, refused, arrived, done.

A message, and the order that it answers:

    cb/v1/460106/zhzf/order/HK20260906-00012-01/ack
    {"status":"accepted","ts":"2026-09-06T07:12:00+08:00","by":"P-012","reason":""}

    cb/v1/460106/zhzf/order/HK20260906-00012-01/cmd
    {"order_id":"HK20260906-00012-01","case_id":"HK20260906-00012","unit":"zhzf/patrol/P-012",
     "move":"send","version":1,"type":"0406","title":"道路积水","pos":[110.3357,20.0021],
     "note":"带警示牌","expires_at":"2026-09-06T01:12:00Z"}
"""

from city.kinds import Kind
from feeds.native import native_feed

FEED = native_feed(Kind("order", "派遣单应答", "Answers to orders", "zhzf", period_s=86_400))
