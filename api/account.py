"""One's own account: a new password, a second factor, the ways out."""

from dataclasses import replace
from datetime import datetime
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from api.forms import DENIED, FOUND, Filled, Forms
from api.seating import CHINA, Found
from city import totp
from city.accounts import Account, Duty
from city.refusal import Malformed, Refusal, Unauthenticated
from city.roles import ROLE_NAMES
from layouts import entrance
from layouts.entrance import Mine
from layouts.words import Words
from store import secrets


class OwnAccount(Forms):
    """The routes; they ask for the session themselves, since it may owe something first."""

    def show(self, request: Request, done: str = "") -> Response:
        """Who one is, and what one may change."""
        said = self.words(request)
        return self._page(request, done=said.get(f"account.{done}", "") if done else "")

    def change_password(self, request: Request, form: Filled) -> Response:
        """Ends every session, then opens one anew."""
        account = self._account(request)
        actor = self.own(request, account)
        if form.get("new") != form.get("again"):
            return self._page(request, trouble=self.words(request)("account.not_same"))
        try:
            self.admit(request)
            old, new = form.get("old", ""), form.get("new", "")
            changed = self.store.accounts.change_password(old, new, actor, self.seating.rules)
        except Refusal as refusal:
            return self._page(request, trouble=refusal.said(self.words(request).lang))
        secret = self.store.sessions.enter(changed, actor)
        return self.let_in(request, secret, "/account?done=changed")

    def set_up_totp(self, request: Request, form: Filled) -> Response:
        """The second factor, once its first code is right."""
        account = self._account(request)
        secret, code = form.get("secret", ""), form.get("code", "").strip()
        try:
            if account.totp or account.is_demo or not is_secret(secret):
                raise Malformed("wrong_code")
            self.admit(request)
            self.store.accounts.set_up_totp(secret, code, self.own(request, account))
        except Refusal as refusal:
            return self._page(request, refusal.said(self.words(request).lang), secret=secret)
        return RedirectResponse("/account?done=totp_done", FOUND)

    def stay(self, request: Request) -> Response:
        """Somebody is at the keyboard; 401 where the session is over."""
        found = self.seating.found(request)
        if not found.session:
            raise Unauthenticated("unauthenticated")
        self.seating.touch(found)
        return Response(status_code=204)

    def log_out(self, request: Request) -> Response:
        """This session only."""
        self.end_session(request)
        return self.left()

    def log_out_everywhere(self, request: Request) -> Response:
        """Every session of the account."""
        account = self._account(request)
        self.store.sessions.log_out_everywhere(account.account, self.own(request, account))
        return self.left()

    def _account(self, request: Request) -> Account:
        account = self.seating.found(request).account
        if account is None:
            raise Unauthenticated("unauthenticated")
        return account

    def _page(
        self, request: Request, trouble: str = "", done: str = "", secret: str = ""
    ) -> Response:
        found = self.seating.found(request)
        if found.account is None:
            return RedirectResponse("/login?next=/account", FOUND)
        mine = self._told(found, found.account, self.words(request))
        if not mine.has_totp:
            secret = secret or totp.secret_of(secrets.new_key(totp.SECRET_BYTES))
            address = otpauth(secret, mine.account, f"{self.profile.en} citybrain")
            mine = replace(mine, secret=secret, otpauth=address)
        mine = replace(mine, trouble=trouble, done=done)
        page = entrance.account_page(self.look(request, "/"), mine)
        return HTMLResponse(page, DENIED if trouble else 200)

    def _told(self, found: Found, account: Account, said: Words) -> Mine:
        rules = self.seating.rules
        return Mine(
            account=account.account,
            name=account.name,
            posts="、".join(said.pick(*ROLE_NAMES[role]) for role in account.roles),
            where=self.where(account, said) or said("account.whole_city"),
            last=last_login(account),
            owes="" if found.duty is Duty.NOTHING else str(found.duty),
            has_password=not account.is_demo,
            has_totp=bool(account.totp),
            rules={"length": rules.password_length, "classes": rules.password_classes,
                   "days": rules.password_for.days},
        )  # fmt: skip


def last_login(account: Account) -> str:
    """When and from where, the address without its end."""
    if not account.login_ms:
        return ""
    at = datetime.fromtimestamp(account.login_ms / 1000, CHINA)
    head, _, _ = account.login_address.rpartition(".")
    return f"{at:%Y-%m-%d %H:%M} · {head + '.*' if head else account.login_address}"


def is_secret(said: str) -> bool:
    """Whether it can be a key of ours."""
    try:
        return len(totp.key_of(said)) == totp.SECRET_BYTES
    except ValueError:
        return False


def otpauth(secret: str, account: str, issuer: str) -> str:
    """The `otpauth://` address that authenticator apps read."""
    asked = {"secret": secret, "issuer": issuer, "digits": totp.DIGITS, "period": totp.STEP_S}
    query = urlencode(asked, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{query}"
