"""The list of alarms: a Dash component whose React side is assets/queue.js; nothing is built.

React keeps each row by its alarm, so that a row under the pointer stays that row while others come.
"""

from layouts.own import OwnComponent

PROPS = (
    "id",
    "data",  # what `layouts.panels.queue.shown` says
    "chosen",  # id of the alarm that is open; set from here or by a click
)


class AlarmList(OwnComponent):
    """Rows in groups by level; the server says what is in them, the browser when they move."""

    _namespace = "city_queue"
    _type = "AlarmList"
    _prop_names = PROPS
