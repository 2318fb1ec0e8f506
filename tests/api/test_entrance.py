"""The entrance: login, demo seats, sessions that end, what comes from other sites."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from api.doors import safe_next
from api.opening import prepare
from city import totp
from city.accounts import SeatRules
from city.roles import SYSTEM, Actor, Role
from store.accounts import Post
from store.store import Store
from tests.house import new_house
from tests.publisher import haikou
from tests.seats import COOKIE, log_in, new_account, token
from web import House, create_app

pytestmark = pytest.mark.store
GOOD, BETTER = "Longkun-S-31.5", "Other-Word-77"


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.at = datetime(2026, 9, 6, 7, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **span: int) -> None:
        self.at += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(store: Store, clock: Clock) -> House:
    return new_house(store, clock)


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    with TestClient(create_app(house), follow_redirects=False) as client:
        yield client


@pytest.fixture
def li(store: Store, clock: Clock) -> str:
    """An account that owes nothing."""
    actor = Actor(SYSTEM, "", clock())
    account = store.accounts.create("li", Post("李四", (Role.CHIEF,)), GOOD, actor, SeatRules())
    store.accounts.change_password(GOOD, BETTER, replace(actor, seat=account.seat), SeatRules())
    return "li"


def enter(client: TestClient, password: str = BETTER, **more: str):  # type: ignore[no-untyped-def]
    return client.post("/login", data={"account": "li", "password": password, **more})


def test_the_right_password_leads_to_the_page_that_was_asked_for(
    client: TestClient, li: str
) -> None:
    turned = client.get("/situation?area=460106")
    assert (turned.status_code, turned.headers["location"]) == (
        303, "/login?next=/situation%3Farea%3D460106")  # fmt: skip

    answer = enter(client, next="/situation?area=460106")

    assert (answer.status_code, answer.headers["location"]) == (303, "/situation?area=460106")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "secure" not in cookie
    assert client.get("/situation").status_code == 200


def test_behind_https_the_cookie_is_secure(house: House, li: str) -> None:
    secure = replace(house, rules=replace(house.rules, is_https=True))
    with TestClient(create_app(secure), follow_redirects=False) as client:
        answer = enter(client)

    assert "secure" in answer.headers["set-cookie"].lower()
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_a_wrong_password_says_what_remains(client: TestClient, li: str) -> None:
    answer = enter(client, "wrong")

    assert answer.status_code == 401
    assert "还可尝试 4 次，之后锁定 5 分钟" in answer.text
    assert 'value="li"' in answer.text and "wrong" not in answer.text
    assert COOKIE not in client.cookies


def test_a_session_that_was_planted_opens_nothing_after_the_login(
    client: TestClient, li: str
) -> None:
    client.cookies.set(COOKIE, "planted-by-somebody")

    answer = enter(client)

    assert "planted-by-somebody" not in answer.headers["set-cookie"]
    client.cookies.clear()
    client.cookies.set(COOKIE, "planted-by-somebody")
    assert client.get("/situation").status_code == 303


def test_a_second_login_ends_the_session_before(client: TestClient, store: Store, li: str) -> None:
    enter(client)
    before = client.cookies[COOKIE]
    enter(client)

    assert store.sessions.find(before) is None
    assert client.get("/situation").status_code == 200


def test_nobody_there_ends_the_session_somebody_there_keeps_it(
    client: TestClient, clock: Clock, li: str
) -> None:
    enter(client)
    for _ in range(5):
        clock.pass_(minutes=9)
        assert client.post("/account/stay").status_code == 204
    clock.pass_(minutes=9)
    assert client.get("/_dash-dependencies").status_code == 200  # the page by itself
    clock.pass_(minutes=1)

    assert client.get("/api/v1/feeds").status_code == 401
    assert client.post("/account/stay").status_code == 401


def test_after_twelve_hours_a_session_ends_in_any_case(
    client: TestClient, clock: Clock, li: str
) -> None:
    enter(client)
    for _ in range(12 * 60 // 8):
        clock.pass_(minutes=8)
        client.post("/account/stay")

    assert client.get("/api/v1/feeds").status_code == 401


def test_logging_out_ends_this_session_or_all(client: TestClient, store: Store, li: str) -> None:
    enter(client)
    first = client.cookies[COOKIE]
    assert client.post("/logout").headers["location"] == "/login?out=1"
    assert store.sessions.find(first) is None

    enter(client)
    elsewhere = client.cookies[COOKIE]
    client.cookies.clear()
    enter(client)
    client.post("/logout/everywhere")
    client.cookies.clear()
    client.cookies.set(COOKIE, elsewhere)
    assert client.get("/situation").status_code == 303


def test_a_first_password_must_be_changed_before_anything_else(
    client: TestClient, store: Store, clock: Clock
) -> None:
    actor = Actor(SYSTEM, "", clock())
    store.accounts.create("li", Post("李四", (Role.CHIEF,)), GOOD, actor, SeatRules())
    enter(client, GOOD)

    assert client.get("/situation").headers["location"] == "/account"
    assert client.get("/api/v1/feeds").status_code == 401
    page = client.get("/account").text
    assert "请先修改密码" in page

    weak = {"old": GOOD, "new": "short", "again": "short"}
    assert "密码至少 8 个字符" in client.post("/account/password", data=weak).text
    done = client.post("/account/password", data={"old": GOOD, "new": BETTER, "again": BETTER})
    assert done.headers["location"] == "/account?done=changed"
    assert client.get("/situation").status_code == 200


def test_a_post_that_needs_a_second_factor_sets_it_up_first(
    house: House, store: Store, clock: Clock, li: str
) -> None:
    strict = replace(house.rules, totp_roles=frozenset({Role.CHIEF}))
    with TestClient(create_app(replace(house, rules=strict)), follow_redirects=False) as client:
        enter(client)
        assert client.get("/situation").headers["location"] == "/account"
        secret = re.findall(r'name="secret" value="(\w+)"', client.get("/account").text)[0]
        code = totp.hotp(totp.key_of(secret), totp.step_of(round(clock().timestamp() * 1000)))

        client.post("/account/totp", data={"secret": secret, "code": code})

        assert client.get("/situation").status_code == 200
        client.cookies.clear()
        assert enter(client).status_code == 401
        clock.pass_(seconds=30)
        code = totp.hotp(totp.key_of(secret), totp.step_of(round(clock().timestamp() * 1000)))
        assert enter(client, code=code).status_code == 303


def test_a_demo_enters_every_post_by_one_click(client: TestClient) -> None:
    page = client.get("/login").text

    assert set(re.findall(r'data-role="(\w+)"', page)) == set(map(str, Role))
    assert client.post("/login/demo", data={"account": "chief"}).status_code == 303
    assert client.get("/situation").status_code == 200


def test_outside_a_demo_there_are_no_demo_seats_and_old_ones_are_shut(
    house: House, client: TestClient
) -> None:
    client.post("/login/demo", data={"account": "chief"})  # made while it was a demo
    kept = client.cookies[COOKIE]

    real = replace(house, rules=replace(house.rules, is_demo=False))
    with TestClient(create_app(real), follow_redirects=False) as other:
        assert "data-role" not in other.get("/login").text
        assert other.post("/login/demo", data={"account": "chief"}).status_code == 401
        other.cookies.set(COOKIE, kept)
        assert other.get("/situation").status_code == 303


def test_only_demo_accounts_are_entered_by_a_click(client: TestClient, li: str) -> None:
    assert client.post("/login/demo", data={"account": "li"}).status_code == 401
    assert client.post("/login", data={"account": "chief", "password": ""}).status_code == 401


def test_the_first_start_of_a_real_city_makes_one_administrator_once(
    store: Store, clock: Clock
) -> None:
    rules = SeatRules()
    password = prepare(store, haikou(), rules, clock())

    assert prepare(store, haikou(), rules, clock()) == ""
    admin = store.accounts.get("admin")
    assert (admin.roles, admin.must_change) == ((Role.SECADMIN,), True)
    house = replace(new_house(store, clock), rules=rules)
    with TestClient(create_app(house), follow_redirects=False) as client:
        client.post("/login", data={"account": "admin", "password": password})
        assert client.get("/situation").headers["location"] == "/account"


def test_demo_seats_are_made_once(store: Store, clock: Clock) -> None:
    rules = replace(SeatRules(), is_demo=True)
    for _ in range(2):
        prepare(store, haikou(), rules, clock())

    accounts = store.accounts.all()
    assert {role for one in accounts for role in one.roles} == set(Role)
    assert {one.department for one in accounts} >= {"sw", "jj", "zhzf", "d106", "rx"}
    assert all(one.is_demo and not one.password for one in accounts)


@pytest.mark.parametrize(
    ("asked", "goes"),
    [
        ("/situation", "/situation"), ("/cases/HK-1?view=x", "/cases/HK-1?view=x"), ("", "/"),
        ("//evil.example", "/"), ("/\\evil.example", "/"), ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"), ("/x\\..\\y", "/"), ("/a\r\nSet-Cookie: x=1", "/"),
        ("/login?next=/x", "/"), ("/logout", "/"), ("evil.example", "/"), ("/api/v1/feeds", "/"),
        ("\t//evil.example", "/"), ("///evil.example", "/"), ("/%2F/evil", "/%2F/evil"),
    ],
)  # fmt: skip
def test_a_login_leads_only_to_pages_of_our_own(asked: str, goes: str) -> None:
    assert safe_next(asked) == goes


def test_the_form_brings_back_only_a_safe_way(client: TestClient, li: str) -> None:
    page = client.get("/login", params={"next": "//evil.example"}).text

    assert "evil" not in page
    assert enter(client, next="//evil.example").headers["location"] == "/"


def test_what_is_typed_never_becomes_markup(client: TestClient) -> None:
    typed = '"><script>alert(1)</script>'

    answer = client.post("/login", data={"account": typed, "password": "x"})
    page = client.get("/login", params={"next": f"/{typed}"})

    assert "<script>alert" not in answer.text + page.text


@pytest.mark.parametrize(
    ("headers", "comes_in"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"origin": "http://testserver"}, True),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "null"}, False),
    ],
)
@pytest.mark.parametrize("path", ["/account/stay", "/logout", "/_dash-update-component", "/login"])
def test_a_page_of_another_site_changes_nothing(
    client: TestClient, li: str, headers: dict[str, str], comes_in: bool, path: str
) -> None:
    enter(client)

    answer = client.post(path, headers=headers, content=b"{}")

    assert (answer.status_code != 403) is comes_in


def test_a_machine_with_a_token_needs_no_origin(client: TestClient, store: Store) -> None:
    headers = {"authorization": f"Bearer {token(store, Role.CHIEF)}",
               "origin": "http://elsewhere.example"}  # fmt: skip

    assert client.get("/api/v1/feeds", headers=headers).status_code == 200


def test_a_token_that_was_revoked_or_is_over_opens_nothing_at_once(
    client: TestClient, store: Store, clock: Clock
) -> None:
    said = token(store, Role.CHIEF, at=clock())
    headers = {"authorization": f"Bearer {said}"}
    assert client.get("/api/v1/feeds", headers=headers).status_code == 200

    clock.pass_(days=1)
    assert client.get("/api/v1/feeds", headers=headers).status_code == 401

    other = token(store, Role.CHIEF, at=clock())
    found = store.tokens.find(other)
    assert found is not None
    store.tokens.revoke(found.id, Actor(SYSTEM, "", clock()))
    assert (
        client.get("/api/v1/feeds", headers={"authorization": f"Bearer {other}"}).status_code == 401
    )


def test_logins_are_slowed_down_for_an_address(house: House, li: str) -> None:
    slow = replace(house, rules=replace(house.rules, logins_a_minute=3))
    with TestClient(create_app(slow), follow_redirects=False) as client:
        codes = [enter(client, "wrong").status_code for _ in range(4)]
        answer = enter(client)

    assert codes == [401, 401, 401, 429]
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 60


def test_who_has_no_seat_is_slowed_down_and_who_has_one_is_not(house: House) -> None:
    slow = replace(house, rules=replace(house.rules, requests_a_minute=5))
    with TestClient(create_app(slow), follow_redirects=False) as client:
        paths = ["/login", "/api/docs", "/api/v1/feeds", "/situation", "/login", "/login"]
        codes = [client.get(path).status_code for path in paths]
        again = client.get("/api/v1/feeds")
        log_in(client, Role.CHIEF)
        seated = {client.get("/api/v1/feeds").status_code for _ in range(9)}
        health = {client.get("/healthz").status_code for _ in range(9)}

    assert codes == [200, 200, 401, 303, 200, 429]
    assert again.status_code == 429 and int(again.headers["retry-after"]) <= 60
    assert (seated, health) == ({200}, {200})


def test_a_form_too_large_is_refused(client: TestClient) -> None:
    assert client.post("/login", content=b"a=" + b"x" * 20_000).status_code == 422


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_login_page_speaks_both_languages_and_loads_nothing_foreign(
    client: TestClient, lang: str
) -> None:
    client.cookies.set("city_lang", lang)
    answer = client.get("/login")

    said = {"zh": "严禁存储、处理、传输国家秘密", "en": "State secrets must not be stored"}
    assert said[lang] in answer.text
    links = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert [link for link in links if not link.startswith("/")] == []
    assert "'unsafe-inline'" not in answer.headers["content-security-policy"].split(";")[1]
    assert "<script>" not in answer.text


def test_an_account_that_owes_nothing_sees_itself(client: TestClient) -> None:
    log_in(client, Role.UNIT, areas=["460106"], department="sw")

    page = client.get("/account").text

    assert "处置部门" in page and "龙华区 市水务局" in page


def test_a_page_without_the_right_is_refused_in_words(client: TestClient) -> None:
    log_in(client, Role.AUDITOR)

    answer = client.get("/situation", headers={"accept": "text/html"})

    assert answer.status_code == 403
    assert "岗位才能查看感知数据" in answer.text
    assert client.get("/").headers["location"] == "/audit"


def test_a_disabled_account_is_out_at_once(client: TestClient, store: Store, clock: Clock) -> None:
    account = log_in(client, Role.CHIEF)
    assert client.get("/api/v1/feeds").status_code == 200

    store.accounts.disable(account, Actor(SYSTEM, "", clock()))

    assert client.get("/api/v1/feeds").status_code == 401


def test_a_contract_that_is_over_ends_the_session(
    client: TestClient, store: Store, clock: Clock
) -> None:
    account = new_account(store, Role.HANDLER, department="sw", until="2026-09-06", at=clock())
    client.cookies.set(COOKIE, store.sessions.enter(account, Actor(SYSTEM, "", clock())))
    assert client.get("/api/v1/things").status_code == 200

    clock.at = datetime(2026, 9, 6, 15, 59, tzinfo=UTC)
    client.cookies.set(COOKIE, store.sessions.enter(account, Actor(SYSTEM, "", clock())))
    assert client.get("/api/v1/things").status_code == 200
    clock.at = datetime(2026, 9, 6, 16, 0, tzinfo=UTC)  # midnight in the city
    assert client.get("/api/v1/things").status_code == 401
