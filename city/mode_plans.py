"""The special plans (专项应急预案) by which an emergency is led, by the four classes of the law.

Classes as in 突发事件应对法: 自然灾害, 事故灾难, 公共卫生事件, 社会安全事件.
Which a city has is its own; a plan that stands in no row is called as it was written.
"""

from collections.abc import Mapping

PLANS: Mapping[str, tuple[str, str]] = {
    "flood": ("防汛防风应急预案", "Flood and typhoon plan"),
    "earthquake": ("地震应急预案", "Earthquake plan"),
    "fire": ("森林与城市火灾应急预案", "Fire plan"),
    "chemical": ("危险化学品事故应急预案", "Hazardous chemicals plan"),
    "gas": ("燃气事故应急预案", "Gas accident plan"),
    "power": ("大面积停电应急预案", "Blackout plan"),
    "traffic": ("道路交通事故应急预案", "Road accident plan"),
    "water": ("供水突发事件应急预案", "Water supply plan"),
    "health": ("突发公共卫生事件应急预案", "Public health plan"),
    "crowd": ("大型活动安全应急预案", "Large event plan"),
    "social": ("社会安全事件应急预案", "Public safety plan"),
}


def plan_name(plan: str) -> tuple[str, str]:
    """中文 and English."""
    return PLANS.get(plan, (plan, plan))
