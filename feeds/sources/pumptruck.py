"""Pump trucks that drain what the pump stations cannot; they can be sent.

A message:

    cb/v1/460107/sw/pumptruck/PT-003/data
    {"ts":"2026-09-06T07:10:00+08:00","seq":41,"pos":[110.3352,20.0019],"speed_mps":0,
     "heading_deg":180,"status":"on_scene","values":{"pumping_m3ph":1500}}
"""

from city.kinds import BY_NAME
from feeds.native import native_feed

FEED = native_feed(BY_NAME["pumptruck"])
