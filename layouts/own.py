"""A Dash component of our own whose React side is a file of assets/; nothing has to be built."""

from collections.abc import Sequence
from typing import Any, ClassVar

from dash.development.base_component import Component


class OwnComponent(Component):
    """Its class says namespace, type and props; the browser finds `window[namespace][type]`."""

    _children_props: ClassVar[list[str]] = []
    _base_nodes: ClassVar[list[str]] = ["children"]
    _prop_names: ClassVar[Sequence[str]] = ()

    def __init__(self, **props: Any) -> None:
        self._valid_wildcard_attributes: list[str] = []
        self.available_properties = list(self._prop_names)
        self.available_wildcard_properties: list[str] = []
        super().__init__(**props)
