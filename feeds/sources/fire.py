"""Fire engines; they can be sent.

A message:

    cb/v1/460105/xf/fire/F-021/data
    {"ts":"2026-09-06T07:10:00+08:00","seq":12,"pos":[110.2901,20.0144],"speed_mps":0,
     "heading_deg":0,"status":"available","values":{"water_l":8000}}
"""

from city.kinds import BY_NAME
from feeds.native import native_feed

FEED = native_feed(BY_NAME["fire"])
