"""From a sensor that crosses its limit to 结案 and 评价, through six seats, by keyboard alone."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from paho.mqtt import publish

from tests.browser.city import City
from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
Visit = Callable[..., Visitor]
TOPIC = "cb/v1/460106/sw/waterlogging/WL-0007"
HERE = [110.3357, 20.0021]
SLOW_S = 60
MOVES = (
    "accept", "register", "dispatch", "sign", "co_sign", "co_feedback", "supervise", "feedback",
    "send_check", "check_pass", "close", "rate",
)  # fmt: skip
PANEL = "document.querySelector('.case-actions [data-key={key}]')"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """The whole city with its demo seats, and nobody in it but us."""
    city = City(tmp_path, CITY_SIMULATOR="off", CITY_DEMO="on")
    city.until_open()
    yield city
    city.end()


class Walk:
    """Seats that come one after another, each in a browser of its own."""

    def __init__(self, city: City, visit: Visit) -> None:
        self.city = city
        self.visit = visit
        self.case_id = ""

    def measure(self, depth_cm: float) -> None:
        """What the sensor says."""
        meta = {"name": {"zh": "龙昆南下穿", "en": "Longkun underpass"}, "pos": HERE,
                "period_s": 60}  # fmt: skip
        said = {"ts": datetime.now(UTC).isoformat(), "values": {"depth_cm": depth_cm}, "q": "good"}
        messages: list[Any] = [(f"{TOPIC}/{channel}", json.dumps(one), 1, False)
                               for channel, one in (("meta", meta), ("data", said))]  # fmt: skip
        publish.multiple(messages, "127.0.0.1", self.city.mqtt)

    def sit(self, account: str, path: str) -> Visitor:
        """Logs in at a demo seat by its button, and comes to a page."""
        visitor = self.visit(f"{self.city.root}/login?next={path}")
        button = visitor.page.locator(f"button[value='{account}']")
        button.focus()
        visitor.page.keyboard.press("Enter")
        visitor.until(f"location.pathname === {path!r}", SLOW_S)
        visitor.until("window.city?.live?.state === 'live'", SLOW_S)
        return visitor

    def move(self, account: str, *steps: tuple[str, str, str]) -> None:
        """At a seat: for each step a key, what is typed where its form asks, and the next state."""
        visitor = self.sit(account, f"/cases/{self.case_id}")
        keys = visitor.page.keyboard
        for key, typed, state in steps:
            visitor.until(PANEL.format(key=key), SLOW_S)
            keys.press(key.lower())
            if typed:
                self.fill_in(visitor, typed)
            visitor.until(
                f"document.querySelector('.case-actions')?.innerText.includes({state!r})", SLOW_S
            )
        visitor.page.context.close()

    def fill_in(self, visitor: Visitor, typed: str) -> None:
        """The form of a move: its first answer where it asks to choose, and the reason."""
        keys = visitor.page.keyboard
        visitor.until("document.activeElement.closest('.move-form')", SLOW_S)
        if visitor.value(
            "document.activeElement.matches('select') && !document.activeElement.value"
        ):
            keys.press("ArrowDown")
        visitor.page.locator("#field-reason").focus()
        keys.insert_text(typed)
        keys.press("Control+Enter")
        visitor.until("!document.querySelector('.move-form')", SLOW_S)


def file_the_alarm(walk: Walk) -> None:
    """The acceptor sees the alarm, acknowledges it and files it: A, L, ↵."""
    visitor = walk.sit("acceptor", "/situation")
    visitor.until("city.queue?.rows === 1", SLOW_S)
    keys = visitor.page.keyboard
    visitor.until("city.queue.holder?.data", SLOW_S)
    for _ in range(12):
        keys.press("F6")
        if visitor.value("document.activeElement.matches('.queue')"):
            break
    keys.press("ArrowDown")
    keys.press("Enter")
    visitor.page.locator(".alarm-acts").wait_for()
    keys.press("a")
    visitor.page.locator(".alarm-row.is-acknowledged").wait_for()
    keys.press("l")
    visitor.until("document.activeElement.matches('#alarm-sheet [data-submit]')", SLOW_S)
    keys.press("Enter")
    tag = visitor.page.locator(".alarm-card a.tag")
    tag.wait_for()
    walk.case_id = str(tag.get_attribute("href")).rsplit("/", 1)[-1]
    visitor.page.context.close()


def test_a_case_walks_its_whole_life_through_six_seats(city: City, visit: Visit) -> None:
    walk = Walk(city, visit)
    walk.measure(45.0)

    file_the_alarm(walk)
    walk.move("acceptor", ("A", "", "待立案"))
    walk.move("chief", ("L", "水深超过 40 厘米", "待派遣"))
    walk.move("dispatcher", ("D", "请立即抽排", "待签收"))
    walk.move("unit-sw", ("S", "", "处置中"))
    walk.move("unit-jj", ("S", "", "处置中"), ("Q", "已双向封控", "处置中"))
    walk.move("inspector", ("Y", "主干道,请加快", "处置中"))
    walk.move("unit-sw", ("Q", "已抽排完毕", "待核查"))
    walk.move("acceptor", ("Q", "", "核查中"))
    walk.move("collector-460106", ("Q", "路面已无积水", "待结案"))
    walk.move("chief", ("L", "同意结案", "已结案"))
    walk.move("acceptor", ("V", "附近居民满意", "已结案"))

    told = case_of(city, walk.case_id)
    assert told["state"] == "closed"
    assert told["satisfaction"] == "satisfied"
    people = [entry["by"] for entry in told["log"] if entry["by"] != "system"]
    assert list(dict.fromkeys(people)) == [
        "acceptor", "chief", "dispatcher", "unit-sw", "unit-jj", "inspector", "collector-460106",
    ]  # fmt: skip
    verified = city.manage("audit", "verify")
    assert verified.returncode == 0, verified.stderr
    assert trail_of(city, walk.case_id) == ["alarm.file", *(f"case.{move}" for move in MOVES)]


def asked(city: City, path: str, role: str) -> Any:
    """A question to the API as a machine of that post."""
    made = city.manage("token", "create", "--role", role, "--name", f"walk-{role}-{len(path)}")
    assert made.returncode == 0, made.stderr
    answer = httpx.get(
        f"{city.root}{path}", headers={"Authorization": f"Bearer {made.stdout.strip()}"}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def case_of(city: City, case_id: str) -> Any:
    return asked(city, f"/api/v1/cases/{case_id}", "leader")


def trail_of(city: City, case_id: str) -> list[str]:
    """What was done to the case, oldest first, as the auditor reads it."""
    items = asked(city, f"/api/v1/audit?subject=case/{case_id}&limit=100", "auditor")["items"]
    return [one["action"] for one in reversed(items) if one["outcome"] == "done"]
