"""The list of alarms: a Dash component whose React side is assets/queue.js; nothing is built.

React keeps each row by its alarm, so that a row under the pointer stays that row while others come.
"""

from typing import Any, ClassVar

from dash.development.base_component import Component

PROPS = (
    "id",
    "data",  # what `layouts.panels.queue.shown` says
    "chosen",  # id of the alarm that is open; set from here or by a click
)


class AlarmList(Component):
    """Rows in groups by level; the server says what is in them, the browser when they move."""

    _children_props: ClassVar[list[str]] = []
    _base_nodes: ClassVar[list[str]] = ["children"]
    _namespace = "city_queue"
    _type = "AlarmList"
    _prop_names: ClassVar[list[str]] = list(PROPS)

    def __init__(self, **props: Any) -> None:
        self._valid_wildcard_attributes: list[str] = []
        self.available_properties = list(PROPS)
        self.available_wildcard_properties: list[str] = []
        super().__init__(**props)
