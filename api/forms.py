"""What the forms before the shell share: their fields, the cookie, how a page looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from api.seating import COOKIE, Seating, address_of
from city.accounts import Account
from city.profile import Place, Profile
from city.refusal import Malformed, Refusal
from city.roles import Actor
from layouts.entrance import Look, refused_page
from layouts.words import Words, words
from store.store import Store

MOST_BYTES = 16_384
FOUND = 303  # RFC 9110 §15.4.4: after a form, the browser asks for the next page by GET
DENIED = 401


async def form_of(request: Request) -> Mapping[str, str]:
    """The fields of a form, small ones only."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise Malformed("malformed", what="form", why=f"> {MOST_BYTES} B")
    found = parse_qs(body.decode(errors="replace"), keep_blank_values=True)
    return {name: values[0] for name, values in found.items()}


Filled = Annotated[Mapping[str, str], Depends(form_of)]


@dataclass(frozen=True, slots=True)
class Forms:
    """What they are served with."""

    seating: Seating
    profile: Profile
    drawing: str  # of the city, as SVG path data

    @property
    def store(self) -> Store:
        """Where accounts and sessions are."""
        return self.seating.store

    def words(self, request: Request) -> Words:
        """The texts in the language of the browser's cookie."""
        return words(request.cookies.get("city_lang"))

    def look(self, request: Request, back: str) -> Look:
        """How a page is shown to this browser."""
        said = self.words(request)
        theme = "light" if request.cookies.get("city_theme") == "light" else "dark"
        city = said.pick(self.profile.zh, self.profile.en)
        return Look(said, theme, city, self.drawing, back)

    def where(self, account: Account, said: Words) -> str:
        """The part of the city an account sees, in words; empty for all of it."""
        places = [called(self.profile.areas, code, said) for code in account.areas]
        if account.department:
            places.append(called(self.profile.departments, account.department, said))
        return " ".join(places)

    def own(self, request: Request, account: Account) -> Actor:
        """Somebody who does something with his own account."""
        return Actor(account.seat, address_of(request), self.seating.clock())

    def admit(self, request: Request) -> None:
        """Raises TooMany where passwords are tried too fast."""
        self.seating.slow_down("login", request, self.seating.rules.logins_a_minute)

    def let_in(self, request: Request, secret: str, back: str) -> Response:
        """Hands the new session over; the one that the browser had before ends."""
        self.end_session(request)
        answer = RedirectResponse(back, FOUND)
        answer.set_cookie(COOKIE, secret, httponly=True, samesite="lax",
                          secure=self.seating.rules.is_https)  # fmt: skip
        return answer

    def end_session(self, request: Request) -> None:
        """Ends the session of this browser, if it has one."""
        found = self.seating.found(request)
        if found.account and found.secret:
            self.store.sessions.log_out(found.secret, self.own(request, found.account))

    def refused(self, request: Request, refusal: Refusal) -> Response:
        """What a person is shown of a page that is not for his seat."""
        said = refusal.said(self.words(request).lang)
        return HTMLResponse(refused_page(self.look(request, "/"), said), refusal.status)

    def left(self) -> Response:
        """Out; nothing of the session stays in the browser."""
        answer = RedirectResponse("/login?out=1", FOUND)
        answer.delete_cookie(COOKIE)
        answer.headers["Clear-Site-Data"] = '"cache"'
        return answer


def called(places: tuple[Place, ...], code: str, said: Words) -> str:
    """The name of a code, the code itself where nobody has it."""
    return next((said.pick(one.zh, one.en) for one in places if one.code == code), code)
