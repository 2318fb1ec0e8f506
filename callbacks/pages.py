"""The pages on a server: Dash with every callback connected, and 404 for what is no page."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dash import Dash
from dash.backends._fastapi import reset_current_request, set_current_request
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from callbacks.asking import has_request, seat_asked
from callbacks.audit_words import offered
from callbacks.desk import Desk
from callbacks.mode_choices import offered_now
from callbacks.refusals import on_error
from callbacks.wiring import connect_all
from city.roles import ROLE_NAMES, SYSTEM, Right, Role, Seat, rights_of
from layouts.pages import accounts, audit, cases, dispatch, handover, mode, situation
from layouts.seat import Sitting
from layouts.shell import City
from layouts.words import Words, words

Policy = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Page:
    """A page: `name` is its path, its icon and its word in the rail; `build` its layout."""

    name: str
    build: Callable[[Desk, City, Words], Any]
    right: Right  # without it the page is not there

    @property
    def path(self) -> str:
        """Where it is found; what lies below is the same page with something opened."""
        return f"/{self.name}"


def view_of(desk: Desk, said: Words) -> situation.View:
    """Where a map of this city begins."""
    profile = desk.profile
    credit = said.pick(profile.attribution_zh, profile.attribution_en)
    return situation.View(profile.centre, profile.zoom, profile.bounds, credit)


def situation_page(desk: Desk, city: City, said: Words) -> Any:
    """态势."""
    return situation.page(city, view_of(desk, said), said)


def cases_page(desk: Desk, city: City, said: Words) -> Any:
    """事件."""
    return cases.page(city, said)


def dispatch_page(desk: Desk, city: City, said: Words) -> Any:
    """指挥调度; units are drawn with their status, not as things."""
    sent = [kind.name for kind in desk.profile.kinds if kind.dispatchable]
    return dispatch.page(city, view_of(desk, said), sent, said)


def mode_page(desk: Desk, city: City, said: Words) -> Any:
    """平急."""
    return mode.page(city, offered_now(desk, said), said)


def handover_page(_desk: Desk, city: City, said: Words) -> Any:
    """交接班."""
    return handover.page(city, said)


def audit_page(_desk: Desk, city: City, said: Words) -> Any:
    """审计."""
    return audit.page(city, offered(said), said)


def accounts_page(_desk: Desk, city: City, said: Words) -> Any:
    """账号."""
    return accounts.page(city, said)


PHONE = "/m"  # where seats that answer orders are at home on a phone
WITH_GRID = ("/cases",)
GRID_SCRIPT = re.compile(r'<script src="[^"]*/dash_ag_grid/[^"]*"></script>')

# In the order of the rail; the first is home.
PAGES: tuple[Page, ...] = (
    Page("situation", situation_page, Right.VIEW_MAP),
    Page("cases", cases_page, Right.VIEW_CASES),
    Page("dispatch", dispatch_page, Right.VIEW_DISPATCH),
    Page("mode", mode_page, Right.VIEW_DISPATCH),
    Page("handover", handover_page, Right.HAND_OVER),
    Page("accounts", accounts_page, Right.MANAGE_ACCOUNTS),
    Page("audit", audit_page, Right.READ_AUDIT),
)


def mount_pages(app: FastAPI, desk: Desk, root: Path, is_demo: bool, policy: Policy) -> None:
    """Home, the pages, and nothing else; `policy` says which scripts of a page may run."""
    app.add_api_route("/", home_of(desk), include_in_schema=False)
    pages = new_dash(app, desk, root, is_demo)

    def page(request: Request) -> HTMLResponse:
        token = set_current_request(request)
        try:
            text = spared(pages.index(), request.url.path)
        finally:
            reset_current_request(token)
        return HTMLResponse(text, headers={"Content-Security-Policy": policy(text)})

    for one in PAGES:
        seen: dict[str, Any] = {"dependencies": [Depends(needs(desk, one.right))]}
        app.add_api_route(one.path, page, include_in_schema=False, **seen)
        app.add_api_route(f"{one.path}/{{opened}}", page, include_in_schema=False, **seen)
    # Dash would answer every path with a page.
    app.add_api_route("/{path:path}", nothing, include_in_schema=False)


def spared(text: str, path: str) -> str:
    """The text of a page without the grid's script (1.3 MB), where the page has no grid."""
    return text if path.startswith(WITH_GRID) else GRID_SCRIPT.sub("", text)


def needs(desk: Desk, right: Right) -> Callable[[Request], None]:
    """A dependency of a page: raises Forbidden where the seat has no right to it."""

    def ask(request: Request) -> None:
        desk.actor_of(request).seat.require(right)

    return ask


def home_of(desk: Desk) -> Callable[[Request], RedirectResponse]:
    """The first page that a seat may see; one's own account where there is none."""

    def home(request: Request) -> RedirectResponse:
        seat = desk.actor_of(request).seat
        mine = pages_of(seat)
        if is_phone(request) and seat.may(Right.ANSWER_ORDERS):
            return RedirectResponse(PHONE)
        return RedirectResponse(mine[0].path if mine else "/account")

    return home


def is_phone(request: Request) -> bool:
    """Whether the browser says that it is a phone's (User-Agent Client Hints, else its name)."""
    said = request.headers.get("sec-ch-ua-mobile")
    return said == "?1" if said else "Mobile" in request.headers.get("user-agent", "")


def pages_of(seat: Seat) -> list[Page]:
    """What a seat may see, in the order of the rail."""
    return [one for one in PAGES if seat.may(one.right)]


def nothing() -> None:
    """No page of ours."""
    raise HTTPException(404)


def new_dash(app: FastAPI, desk: Desk, root: Path, is_demo: bool) -> Dash:
    """Dash on this server; everything it needs it serves itself."""
    pages = Dash(
        "citybrain",
        server=False,
        backend="fastapi",
        assets_folder=str(root / "assets"),
        assets_path_ignore=["field"],  # the phone page brings its own
        index_string=(root / "layouts" / "index.html").read_text(),
        title=words("zh")("title", city=desk.profile.zh),
        update_title=None,
        serve_locally=True,
        suppress_callback_exceptions=True,
        on_error=on_error,
        add_log_handler=False,
    )
    pages.backend.websocket_capability = False  # we have a socket of our own
    pages.init_app(app)
    pages.layout = lambda: layout(desk, page_of(pages), words_of(pages), is_demo)
    connect_all(pages, desk)
    pages._setup_server()  # Dash does so at its first request, and ours may be none of its own
    return pages


def words_of(pages: Dash) -> Words:
    """The language of the browser that asks; Dash also asks once itself, at the start."""
    if not pages.backend.has_request_context():
        return words(None)
    return words(pages.backend.request_adapter().cookies.get("city_lang"))


def page_of(pages: Dash) -> Page:
    """The page whose layout is asked for: the one the request comes from (our Referrer-Policy)."""
    asked = pages.backend.request_adapter() if pages.backend.has_request_context() else None
    path = urlsplit(asked.headers.get("referer", "")).path if asked else ""
    return next((one for one in PAGES if path.split("/")[1:2] == [one.name]), PAGES[0])


def layout(desk: Desk, page: Page, said: Words, is_demo: bool) -> Any:
    """A page of this city; Dash also asks for it once itself, at the start, for nobody."""
    seat = seat_asked(desk) if has_request() else SYSTEM
    if has_request():
        seat.require(page.right)
    profile = desk.profile
    city = City(
        said.pick(profile.zh, profile.en),
        [area for area in profile.areas if seat.covers(area.code)],
        said.get(f"datum.{profile.datum}", profile.datum),
        is_demo,
        [one.name for one in pages_of(seat)],
        page.name,
        Sitting(seat.name, post_of(seat, said), frozenset(map(str, rights_of(seat)))),
    )
    return page.build(desk, city, said)


def post_of(seat: Seat, said: Words) -> str:
    """The posts of a seat in words."""
    return "、".join(said.pick(*ROLE_NAMES[role]) for role in Role if role in seat.roles)
