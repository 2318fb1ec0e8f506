"""Rain, ponding, a case, candidates, an order, a refusal, a second unit, its way, arrival, a photo
from a phone, check and close: on the boards and the map, in both languages."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.city import City
from tests.browser.conftest import Visitor
from tests.browser.field import Terminal, Vehicle, now, say, terminal
from tests.browser.test_walk import HERE, Walk, case_of, file_the_alarm
from tests.crew import a_photo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
Visit = Callable[..., Visitor]
SLOW_S = 60
NEAR, FAR = (HERE[0] + 0.01, HERE[1] + 0.004), (HERE[0] - 0.02, HERE[1] - 0.006)
PHONE = {"width": 390, "height": 844, "permissions": ["geolocation"],
         "geolocation": {"longitude": HERE[0], "latitude": HERE[1], "accuracy": 8}}  # fmt: skip


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """The whole city with its demo seats, and nobody in it but us."""
    city = City(tmp_path, CITY_SIMULATOR="off", CITY_DEMO="on")
    city.until_open()
    yield city
    city.end()


class Story(Walk):
    """A walk with vehicles, a dispatcher who looks at the map, and a crew with a phone."""

    def __init__(self, city: City, visit: Visit, lang: str) -> None:
        super().__init__(city, visit)
        self.lang = lang
        self.first, self.second = (Vehicle(city.mqtt, number) for number in (1, 2))

    def rain(self) -> None:
        """It rains, below its own limit, and the underpass fills."""
        gauge = {"ts": now(), "values": {"rain_1h_mm": 14.0}, "pos": HERE, "q": "good"}
        say(self.city.mqtt, ("cb/v1/460106/qx/rain/R-0001/data", gauge))
        self.measure(45.0)

    def vehicles(self) -> None:
        """Two pump trucks wait, one near, one farther off."""
        self.first.report(*NEAR)
        self.second.report(*FAR)

    def desk(self) -> Visitor:
        """The dispatcher's page with the case open, chosen by keyboard."""
        visitor = self.sit("dispatcher", f"/dispatch?lang={self.lang}", "/dispatch")
        visitor.until("document.querySelector('.wait-row')", SLOW_S)
        visitor.page.keyboard.press("ArrowDown")
        visitor.until("document.querySelectorAll('.candidate').length === 2", SLOW_S)
        return visitor

    def phone(self) -> Visitor:
        """The crew of the second truck signs on to it."""
        visitor = self.sit("handler-sw", "/m", "/m", **PHONE)
        visitor.page.goto(f"{self.city.root}/m#mine")
        visitor.page.click(f"[data-unit='{self.second.id}']")
        return visitor

    def sit(self, account: str, path: str, lands: str = "", **options: object) -> Visitor:
        """Logs in at a demo seat by its button, and comes to a page."""
        if not lands:
            return super().sit(account, path)
        visitor = self.visit(f"{self.city.root}/login?next={path}", **options)
        visitor.page.locator(f"button[value='{account}']").click()
        visitor.until(f"location.pathname === {lands!r}", SLOW_S)
        return visitor


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_from_rain_to_a_closed_case(city: City, visit: Visit, lang: str) -> None:
    story = Story(city, visit, lang)
    story.vehicles()
    story.rain()
    file_the_alarm(story)
    story.move("acceptor", ("A", "", "待立案"))
    story.move("chief", ("L", "水深超过 40 厘米", "待派遣"))
    desk = story.desk()
    desk.until("city.dispatchMap.ways?.routes.length === 2", SLOW_S)

    with terminal(city.mqtt) as crew:
        send_and_be_refused(desk, story, crew)
        send_the_next(desk, story, crew)
    work_on_site(desk, story)

    story.move("acceptor", ("Q", "", "核查中"))
    story.move("collector-460106", ("Q", "路面已无积水", "待结案"))
    story.move("chief", ("L", "同意结案", "已结案"))
    told = case_of(city, story.case_id)
    assert told["state"] == "closed"
    assert [task["department"] for task in told["tasks"]][:1] == ["sw"]
    desk.until("!document.querySelector('.wait-row')", SLOW_S)


def send_and_be_refused(desk: Visitor, story: Story, crew: Terminal) -> None:
    """Two keys send the nearest truck; its crew cannot come, and the page says so."""
    desk.page.keyboard.press("1")
    desk.page.keyboard.press("Control+Enter")
    topic, order = crew.next(story.first.id)
    assert order["case_id"] == story.case_id
    desk.until(f"document.querySelector('.lane:nth-child(2) [data-unit=\"{story.first.id}\"]')",
               SLOW_S)  # fmt: skip

    crew.answer(topic, "refused", "车辆故障")

    desk.until("document.querySelector('.order-row.is-overdue')", SLOW_S)
    assert "车辆故障" in desk.page.locator(".order-row.is-overdue").inner_text()


def send_the_next(desk: Visitor, story: Story, crew: Terminal) -> None:
    """The page offers the second truck; one press sends it."""
    desk.page.locator(f'[data-order-move="next {story.second.id}"]').click()
    _, order = crew.next(story.second.id)
    assert order["case_id"] == story.case_id
    desk.until("document.querySelector('[data-order]:not(.is-overdue) [data-answer-by]')", SLOW_S)


def work_on_site(desk: Visitor, story: Story) -> None:
    """The crew accepts on its phone, drives, arrives, shows a photo, and has finished."""
    phone = story.phone()
    phone.page.click("[data-act=accept]")
    said = {"zh": "已接单", "en": "Accepted"}[story.lang]
    desk.until(f"document.querySelector('.orders').innerText.includes('{said}')", SLOW_S)
    lane = f"document.querySelector('.lane:nth-child({{}}) [data-unit=\"{story.second.id}\"]')"
    story.second.report(FAR[0] + 0.006, FAR[1], "en_route")
    desk.until(lane.format(3), SLOW_S)
    desk.until("city.dispatchMap.ways.routes.some((route) => route.going)", SLOW_S)

    phone.page.click("[data-act=arrive]")
    desk.until(lane.format(4), SLOW_S)
    the_police_have_closed_the_road(desk)
    phone.page.click("[data-act=feedback]")
    phone.page.set_input_files("input[data-slot=after_photo]", a_photo())
    phone.page.locator(".shots img").first.wait_for()
    phone.page.click("[data-result=solved]")
    phone.page.click("[data-act=finish]")
    phone.page.wait_for_selector(".seg")  # back at the list
    phone.page.wait_for_selector("[data-sync][data-waiting='0']")

    desk.until("document.querySelector('.order-row.is-done')", SLOW_S)
    phone.page.context.close()


def the_police_have_closed_the_road(desk: Visitor) -> None:
    """They say so on the radio: the desk ticks their sub-task off, which is their share."""
    task = desk.page.locator("[data-task$='/close-road']")
    task.click()
    desk.page.locator("[data-task-deed=done]").click()
    desk.until("document.querySelector('[data-task$=\"/close-road\"].is-done')", SLOW_S)
