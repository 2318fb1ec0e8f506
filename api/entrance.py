"""Logging in: a form for people at /login, and in a demo one click for every seat."""

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from api.account import OwnAccount
from api.doors import safe_next
from api.forms import DENIED, FOUND, Filled, Forms
from api.seating import address_of
from city.accounts import Account
from city.demo_seats import demo_accounts
from city.refusal import Refusal, TooMany, Unauthenticated
from city.roles import ROLE_NAMES
from layouts import entrance
from layouts.entrance import Demo, Login
from layouts.words import Words
from store.sessions import Attempt
from store.store import StoreUnreachable


class Entrance(Forms):
    """The routes."""

    def show(self, request: Request, next: str = "/", out: bool = False) -> Response:
        """The form; who has a seat already goes on."""
        if not out and self.seating.found(request).seat:
            return RedirectResponse(safe_next(next), FOUND)
        login = Login(notice=self.words(request)("login.logged_out") if out else "")
        return self._page(request, login, safe_next(next))

    def log_in(self, request: Request, form: Filled) -> Response:
        """A new session, always under a new id."""
        attempt = Attempt(
            account=form.get("account", "").strip().lower(),
            password=form.get("password", ""),
            code=form.get("code", "").strip(),
            address=address_of(request),
            at_ms=self.seating.now_ms(),
            today=self.seating.today(),
        )
        back = safe_next(form.get("next", "/"))
        try:
            self.admit(request)
            secret = self.store.sessions.log_in(attempt, self.seating.rules)
        except Refusal as refusal:
            return self._again(request, refusal, Login(attempt.account[:64]), back)
        return self.let_in(request, secret, back)

    def enter_demo(self, request: Request, form: Filled) -> Response:
        """One click, in a demo only."""
        account = self.store.accounts.find(form.get("account", ""))
        back = safe_next(form.get("next", "/"))
        try:
            self.admit(request)
            if not (account and account.is_demo and self.seating.rules.is_demo):
                raise Unauthenticated("unauthenticated")
        except Refusal as refusal:
            return self._again(request, refusal, Login(), back)
        secret = self.store.sessions.enter(account, self.own(request, account))
        return self.let_in(request, secret, back)

    def _again(self, request: Request, refusal: Refusal, login: Login, back: str) -> Response:
        said = refusal.said(self.words(request).lang)
        answer = self._page(request, replace(login, trouble=said), back)
        answer.status_code = DENIED
        if isinstance(refusal, TooMany):
            answer.status_code = refusal.status
            answer.headers["Retry-After"] = str(refusal.values["seconds"])
        return answer

    def _page(self, request: Request, login: Login, back: str) -> Response:
        minutes = round(self.seating.rules.idle_for.total_seconds() / 60)
        demos = self._demos(self.words(request))
        shown = replace(login, idle_minutes=minutes, demos=demos)
        return HTMLResponse(entrance.login_page(self.look(request, back), shown))

    def _demos(self, said: Words) -> list[Demo]:
        """Nobody outside a demo; nobody either while the store is away."""
        if not self.seating.rules.is_demo:
            return []
        try:
            accounts = [one for one in self.store.accounts.all() if one.is_demo]
        except StoreUnreachable:
            return []
        known = demo_accounts(self.profile.areas, self.profile.departments)
        order = {one.account: place for place, one in enumerate(known)}
        accounts.sort(key=lambda one: order.get(one.account, len(order)))
        return [self._demo(one, said) for one in accounts]

    def _demo(self, account: Account, said: Words) -> Demo:
        role, where = account.roles[0], self.where(account, said)
        shown = "" if where == account.name else where
        return Demo(account.account, role, said.pick(*ROLE_NAMES[role]), account.name, shown)


def build_entrance(forms: Forms) -> APIRouter:
    """All pages before the shell."""
    router = APIRouter(include_in_schema=False)
    login = Entrance(forms.seating, forms.profile, forms.drawing)
    mine = OwnAccount(forms.seating, forms.profile, forms.drawing)
    routes = (
        ("GET", "/login", login.show),
        ("POST", "/login", login.log_in),
        ("POST", "/login/demo", login.enter_demo),
        ("POST", "/logout", mine.log_out),
        ("POST", "/logout/everywhere", mine.log_out_everywhere),
        ("GET", "/account", mine.show),
        ("POST", "/account/password", mine.change_password),
        ("POST", "/account/totp", mine.set_up_totp),
        ("POST", "/account/stay", mine.stay),
    )
    for method, path, answer in routes:
        router.add_api_route(path, answer, methods=[method], response_model=None)
    return router
