"""GET /m: the phone page 掌上办, its manifest and its service worker; plain files, kept offline."""

import json
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.forms import Forms
from api.seating import needs
from city.roles import Actor, Right
from layouts.field import (
    BASE_LAYERS,
    SENDERS,
    Handset,
    field_page,
    files,
    manifest,
    worker_head,
)

PATH = "/m"
MANIFEST = "application/manifest+json"
SCRIPT = "text/javascript"
SHORT = 12
# The one page that may ask where it is and open the camera.
MAY = {"Permissions-Policy": "camera=(self), microphone=(), geolocation=(self)"}
Answering = Annotated[Actor, Depends(needs(Right.ANSWER_ORDERS))]


class FieldPage:
    """The three routes."""

    def __init__(self, forms: Forms, assets: Path) -> None:
        self._forms = forms
        self._assets = assets

    @cached_property
    def _versions(self) -> dict[str, str]:
        """Each file with the beginning of its digest; read once."""
        return {name: self._digest(name) for name in [*files(), "field/worker.js"]}

    @cached_property
    def _addresses(self) -> dict[str, str]:
        return {name: f"/assets/{name}?v={self._versions[name]}" for name in files()}

    def show(self, request: Request, _actor: Answering) -> Response:
        """The page itself: the same for every seat that answers orders."""
        forms, said = self._forms, self._forms.words(request)
        theme = "light" if request.cookies.get("city_theme") == "light" else "dark"
        city = said.pick(forms.profile.zh, forms.profile.en)
        shown = Handset(said, theme, city, forms.profile.centre, self._addresses)
        return HTMLResponse(field_page(shown), headers=MAY)

    def manifest(self, request: Request) -> Response:
        """What an installed page is called."""
        said = self._forms.words(request)
        told = manifest(said, said.pick(self._forms.profile.zh, self._forms.profile.en))
        return Response(json.dumps(told, ensure_ascii=False), media_type=MANIFEST)

    def worker(self) -> Response:
        """The service worker; another version of any file is another worker."""
        layers = [f"/city/{name}.geojson" for name in BASE_LAYERS]
        shell = [PATH, *self._addresses.values(), *layers, "/assets/icon.svg"]
        senders = [self._addresses[f"{name}.js"] for name in SENDERS]
        version = sha256("".join(self._versions.values()).encode()).hexdigest()[:SHORT]
        text = (self._assets / "field/worker.js").read_text("utf-8")
        return Response(worker_head(version, shell, senders) + text, media_type=SCRIPT,
                        headers={"Service-Worker-Allowed": PATH})  # fmt: skip

    def _digest(self, name: str) -> str:
        return sha256((self._assets / name).read_bytes()).hexdigest()[:SHORT]


def build_field_page(forms: Forms, assets: Path) -> APIRouter:
    """The page at /m, and what stands below it."""
    router = APIRouter(include_in_schema=False)
    page = FieldPage(forms, assets)
    router.add_api_route(PATH, page.show, response_class=HTMLResponse)
    router.add_api_route(f"{PATH}/manifest.webmanifest", page.manifest, response_class=Response)
    router.add_api_route(f"{PATH}/worker.js", page.worker, response_class=Response)
    return router
