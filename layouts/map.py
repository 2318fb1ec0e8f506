"""The live map: a Dash component whose React side is assets/map.js; nothing has to be built."""

from typing import Any, ClassVar

from dash.development.base_component import Component

PROPS = (
    "id",
    "className",
    "feedUrl",  # path of the live socket
    "center",  # [lon, lat] of the first view
    "zoom",
    "bounds",  # [west, south, east, north] of "the whole city"
    "hidden",  # names of layers that are switched off
    "abnormalOnly",
    "selected",  # thing id; set from here or by a click on the map
    "credit",  # source of the base map, always shown
    "viewport",  # out: {center, zoom, bbox}
    "status",  # out: {connection: connecting | live | lost}
)


class LiveMap(Component):
    """Map of a city with everything that moves in it; points never pass through props."""

    _children_props: ClassVar[list[str]] = []
    _base_nodes: ClassVar[list[str]] = ["children"]
    _namespace = "city_map"
    _type = "LiveMap"
    _prop_names: ClassVar[list[str]] = list(PROPS)

    def __init__(self, **props: Any) -> None:
        self._valid_wildcard_attributes: list[str] = []
        self.available_properties = list(PROPS)
        self.available_wildcard_properties: list[str] = []
        super().__init__(**props)
