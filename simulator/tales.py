"""What happens in a city and how people say it; the words of the labelled set."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Ear(NamedTuple):
    """Sensors that may notice: kind, within how many metres, how likely."""

    kind: str
    within_m: float
    chance: float


class Tale(NamedTuple):
    """A kind of happening: what it is called by callers, how many they are, how far it reaches."""

    name: str
    share: float  # of all happenings
    codes: Mapping[str, float]
    calls: tuple[int, float]  # at least, and how many more on average
    spread_m: float
    lasts_min: float
    ears: Sequence[Ear] = ()


class Wording(NamedTuple):
    """How people say it: titles, and what they add."""

    titles: Sequence[str]
    more: Sequence[str]


TALES: Sequence[Tale] = (
    Tale("burst", 0.03, {"0402": 0.6, "0406": 0.3, "0404": 0.1}, (3, 4), 80, 90,
         (Ear("waterlogging", 300, 0.7), Ear("flow", 220, 0.4))),
    Tale("ponding", 0.08, {"0406": 0.85, "0404": 0.15}, (1, 3), 90, 75,
         (Ear("waterlogging", 250, 0.9), Ear("flow", 220, 0.4), Ear("pump", 500, 0.3))),
    Tale("sewer", 0.06, {"0404": 0.9, "0406": 0.1}, (1, 1.2), 45, 150),
    Tale("gas", 0.02, {"0403": 1.0}, (1, 2), 90, 45, (Ear("gas", 250, 0.8),)),
    Tale("collapse", 0.02, {"0401": 0.75, "0110": 0.25}, (1, 2.5), 40, 120),
    Tale("line", 0.03, {"0408": 1.0}, (1, 1.5), 50, 90, (Ear("power", 250, 0.4),)),
    Tale("noise", 0.14, {"0508": 0.9, "0301": 0.1}, (1, 1.2), 50, 70, (Ear("noise", 120, 0.4),)),
    Tale("works", 0.1, {"0301": 0.8, "0302": 0.2}, (1, 1), 50, 90),
    Tale("parking", 0.2, {"0505": 1.0}, (1, 0.5), 18, 45),
    Tale("refuse", 0.11, {"0102": 0.75, "0103": 0.15, "0104": 0.1}, (1, 0.5), 25, 180),
    Tale("barbecue", 0.07, {"0510": 0.85, "0116": 0.15}, (1, 0.8), 40, 70),
    Tale("street", 0.08, {"0504": 0.8, "0501": 0.2}, (1, 0.4), 25, 80),
    Tale("damage", 0.06, {"0110": 1.0}, (1, 0.7), 20, 360),
)  # fmt: skip
WORDINGS: Mapping[str, Wording] = {
    "0102": Wording(("暴露垃圾", "垃圾没人清运"), ("垃圾堆在路边", "有异味", "垃圾桶满了")),
    "0103": Wording(("积存渣土", "建筑垃圾"), ("渣土堆在路边", "装修垃圾没人清")),
    "0104": Wording(("道路不洁", "路面很脏"), ("路上都是泥", "很久没人打扫")),
    "0110": Wording(("道路破损", "路面有坑"), ("路面坑洼", "车子差点翻了", "有一个大坑")),
    "0116": Wording(("油烟扰民", "油烟污染"), ("油烟味很大", "窗户都不敢开")),
    "0301": Wording(("施工扰民", "工地噪音"), ("工地很吵", "半夜还在施工")),
    "0302": Wording(("工地扬尘", "施工扬尘"), ("灰尘很大", "没有洒水")),
    "0401": Wording(("路面塌陷", "路塌了"), ("地面塌了一个坑", "路面下沉", "车掉进去了")),
    "0402": Wording(("自来水管破裂", "水管爆了", "爆管"), ("水喷出来了", "家里没水", "到处是水")),
    "0403": Wording(("燃气泄漏", "煤气味"), ("闻到煤气味", "燃气味很重")),
    "0404": Wording(("下水道堵塞", "下水道冒水"), ("污水冒出来", "井盖往外冒水", "排不下去")),
    "0406": Wording(("道路积水", "路面积水", "路被淹了"), ("积水很深", "车过不去", "水没过膝盖")),
    "0408": Wording(("架空线缆损坏", "电线掉下来"), ("电线垂到路面", "线缆断了")),
    "0501": Wording(("无照游商", "流动摊贩"), ("摆摊占道", "三轮车卖水果")),
    "0504": Wording(("店外经营", "占道经营"), ("桌椅摆到路上", "行人走不了")),
    "0505": Wording(("机动车乱停放", "违停"), ("车停在人行道", "堵住出口", "占用消防通道")),
    "0508": Wording(("商业噪音", "噪音扰民"), ("音响声音很大", "睡不着", "广场舞太吵")),
    "0510": Wording(("露天烧烤", "烧烤摊"), ("烧烤油烟大", "占道烧烤")),
}
GREATER = ("burst", "ponding", "gas", "collapse", "noise", "sewer")
