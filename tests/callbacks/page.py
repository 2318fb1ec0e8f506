"""Calls callbacks over HTTP as the page does."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.testclient import TestClient

Json = dict[str, Any]


class Page:
    """A page that was opened in one language."""

    def __init__(
        self, client: TestClient, lang: str = "zh", callbacks: list[Json] | None = None
    ) -> None:
        self._client = client
        self.headers: Mapping[str, str] = {}  # of the newest answer
        client.cookies.set("city_lang", lang)
        self.callbacks: list[Json] = callbacks or client.get("/_dash-dependencies").json()

    def see(self) -> None:
        """Waits until the server has read what was written."""
        assert self._client.get("/api/v1/things").status_code == 200

    def callback(self, output: str, pressed: Json | None) -> Json:
        """The callback that writes a property, `id.property`, when something is pressed."""
        found = (one for one in self.callbacks if output in names(one["output"]))
        return next(one for one in found if pressed is None or hears(one, pressed))

    def call(self, output: str, pressed: Json | None = None, **values: Any) -> Json:
        """What it answers; values by id with - as _, a pressed control by its pattern id.

        `fields` are the answers of a form: kind of pattern id → name → value.
        """
        callback = self.callback(output, pressed)
        body = {
            "output": callback["output"],
            "outputs": outputs_of(callback["output"]),
            "inputs": [filled(one, values, pressed) for one in callback["inputs"]],
            "state": [filled(one, values, pressed) for one in callback["state"]],
            "changedPropIds": [changed(callback, pressed)],
        }
        answer = self._client.post("/_dash-update-component", json=body)
        self.headers = answer.headers
        if answer.status_code == 204:
            return {}
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found


def hears(callback: Json, pressed: Json) -> bool:
    """Whether a callback has such a control as its input."""
    patterns = [one["id"] for one in callback["inputs"] if one["id"].startswith("{")]
    return any(json.loads(pattern)["type"] == pressed["type"] for pattern in patterns)


def names(output: str) -> list[str]:
    """`..a.b...c.d..` is how Dash writes several; @… marks one that others write too."""
    return [one.split("@")[0] for one in output.strip(".").split("...")]


def outputs_of(output: str) -> Any:
    found = []
    for one in output.strip(".").split("..."):
        name, _, property_ = one.rpartition(".")
        found.append({"id": name, "property": property_})
    return found if output.startswith("..") else found[0]


def filled(spec: Json, values: Json, pressed: Json | None) -> Any:
    name = spec["id"]
    if not name.startswith("{"):
        return {**spec, "value": values.get(name.replace("-", "_"))}
    kind = json.loads(name)["type"]
    if pressed and pressed["type"] == kind:
        return [{"id": pressed, "property": spec["property"], "value": 1}]
    answers = values.get("fields", {}).get(kind, {})
    return [answered(spec, {"type": kind, "name": one}, answers[one]) for one in answers]


def answered(spec: Json, name: Json, value: Any) -> Json:
    """A field of a form as the page sends it."""
    return {**spec, "id": name, "value": name if spec["property"] == "id" else value}


def changed(callback: Json, pressed: Json | None) -> str:
    if pressed:
        written = json.dumps(pressed, sort_keys=True, separators=(",", ":"))
        return f"{written}.n_clicks"
    first = callback["inputs"][0]
    return f"{first['id']}.{first['property']}"


def text(node: Any) -> str:
    """What is read in an answer."""
    if isinstance(node, dict):
        return text(node["props"].get("children") if "props" in node else list(node.values()))
    if isinstance(node, list):
        return " ".join(filter(None, map(text, node)))
    return "" if node is None else str(node)


def prop(answer: Json, name: str, property_: str = "children") -> Any:
    return answer["response"][name][property_]
