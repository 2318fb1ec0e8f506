"""The live map: a Dash component whose React side is assets/map.js; nothing has to be built."""

from layouts.own import OwnComponent

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


class LiveMap(OwnComponent):
    """Map of a city with everything that moves in it; points never pass through props."""

    _namespace = "city_map"
    _type = "LiveMap"
    _prop_names = PROPS
