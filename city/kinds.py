"""The kinds of things a city has: what they measure, and when a value needs a person.

Sources of the limits are in `docs/feeds.md`; a row marked `verified=False` is a proposal of this
project, never an official value.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Shape(StrEnum):
    """How a kind is drawn when nothing is wrong with it."""

    DOT = "dot"
    ARROW = "arrow"
    SQUARE = "square"
    DIAMOND = "diamond"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One measured value: name with its unit, and what is physically possible."""

    name: str
    unit: str
    zh: str
    en: str
    low: float = float("-inf")
    high: float = float("inf")
    # Limits of the four levels, blue to red; they fall where a low value is the bad one.
    limits: tuple[float, float, float, float] | None = None
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing; the first quantity leads: it is drawn, plotted and judged."""

    name: str
    zh: str
    en: str
    department: str
    period_s: float
    quantities: tuple[Quantity, ...] = field(default=())
    shape: Shape = Shape.DOT
    moves: bool = False
    dispatchable: bool = False


KINDS: tuple[Kind, ...] = (
    Kind("waterlogging", "积水监测", "Ponding", "sw", 60, (
        Quantity("depth_cm", "cm", "积水深度", "Depth", 0, 500, (5, 15, 27, 40)),)),
    Kind("waterlevel", "河湖水位", "Water level", "sw", 300, (
        Quantity("over_warning_m", "m", "超警戒", "Over warning", -20, 20, (-0.5, 0, 0.3, 0.6)),
        Quantity("level_m", "m", "水位", "Level", -50, 9000),)),
    Kind("pump", "泵站", "Pump station", "sw", 60, (
        Quantity("sump_m", "m", "集水池水位", "Sump level", 0, 30, (2.5, 3, 3.5, 4)),
        Quantity("running", "", "开机台数", "Pumps running", 0, 50),
        Quantity("flow_m3ps", "m³/s", "流量", "Flow", 0, 1000),), Shape.SQUARE),
    Kind("rain", "雨量站", "Rain gauge", "qx", 60, (
        Quantity("rain_1h_mm", "mm", "1 小时雨量", "Rain 1 h", 0, 300, (15, 30, 50, 100)),
        Quantity("rain_1min_mm", "mm", "1 分钟雨量", "Rain 1 min", 0, 40),)),
    Kind("wind", "风力站", "Wind station", "qx", 60, (
        Quantity("gust_mps", "m/s", "阵风", "Gust", 0, 120, (10.8, 17.2, 24.5, 32.7)),
        Quantity("direction_deg", "°", "风向", "Direction", 0, 360),)),
    Kind("aqi", "空气质量", "Air quality", "hb", 300, (
        Quantity("pm25_ugm3", "µg/m³", "PM2.5", "PM2.5", 0, 2000),
        Quantity("pm10_ugm3", "µg/m³", "PM10", "PM10", 0, 5000),
        Quantity("o3_ugm3", "µg/m³", "臭氧", "Ozone", 0, 2000),)),
    Kind("noise", "噪声监测", "Noise", "hb", 60, (
        Quantity("leq_dba", "dB(A)", "等效声级", "Leq", 0, 194, (70, 80, 90, 100)),)),
    Kind("flow", "交通流", "Traffic flow", "jj", 60, (
        Quantity("speed_kmh", "km/h", "平均速度", "Mean speed", 0, 250, (40, 30, 20, 15)),
        Quantity("flow_vph", "veh/h", "流量", "Flow", 0, 20000),
        Quantity("occupancy_pct", "%", "占有率", "Occupancy", 0, 100),)),
    Kind("signal", "信号机", "Traffic signal", "jj", 60, (
        Quantity("faults", "", "故障数", "Faults", 0, 64, (1, 2, 4, 8)),
        Quantity("phase", "", "相位", "Phase", 0, 64),), Shape.SQUARE),
    Kind("bus", "公交车辆", "Buses", "jt", 10, (
        Quantity("load_pct", "%", "满载率", "Load", 0, 300),), Shape.ARROW, moves=True),
    Kind("patrol", "执法车", "Patrols", "zhzf", 10, (), Shape.ARROW, moves=True, dispatchable=True),
    Kind("ambulance", "救护车", "Ambulances", "ems", 10, (), Shape.ARROW, moves=True,
         dispatchable=True),
    Kind("fire", "消防车", "Fire engines", "xf", 10, (
        Quantity("water_l", "l", "载水量", "Water", 0, 40000),), Shape.ARROW, moves=True,
         dispatchable=True),
    Kind("police", "警车", "Police cars", "ga", 10, (), Shape.ARROW, moves=True, dispatchable=True),
    Kind("sanitation", "环卫车", "Sanitation", "hw", 10, (
        Quantity("fill_pct", "%", "装载率", "Fill", 0, 150),), Shape.ARROW, moves=True,
         dispatchable=True),
    Kind("pumptruck", "排涝车", "Pump trucks", "sw", 10, (
        Quantity("pumping_m3ph", "m³/h", "抽排流量", "Pumping", 0, 10000),), Shape.ARROW,
         moves=True, dispatchable=True),
    Kind("repair", "抢修车", "Repair crews", "sz", 10, (), Shape.ARROW, moves=True,
         dispatchable=True),
    Kind("gas", "燃气调压", "Gas pressure", "rq", 60, (
        Quantity("leak_lel_pct", "%LEL", "泄漏浓度", "Leak", 0, 100, (5, 10, 20, 25)),
        Quantity("pressure_kpa", "kPa", "压力", "Pressure", 0, 10000),)),
    Kind("power", "电力负荷", "Power load", "gd", 60, (
        Quantity("load_pct", "%", "负荷率", "Load", 0, 200, (80, 90, 95, 100)),
        Quantity("load_kw", "kW", "负荷", "Load", 0, 5_000_000),), Shape.SQUARE),
    Kind("lamp", "路灯", "Street lamps", "sz", 300, (
        Quantity("power_w", "W", "功率", "Power", 0, 5000),
        Quantity("lit", "", "亮灯", "Lit", 0, 1),)),
    Kind("cover", "井盖", "Manhole covers", "sz", 600, (
        Quantity("tilt_deg", "°", "倾角", "Tilt", 0, 180, (10, 15, 30, 45)),
        Quantity("battery_v", "V", "电池", "Battery", 0, 30),)),
    Kind("port", "三港待渡", "Ferry ports", "jt", 60, (
        Quantity("queue_veh", "", "待渡车辆", "Queue", 0, 50000, (500, 1500, 3000, 5000)),
        Quantity("suspended", "", "停航", "Suspended", 0, 1),), Shape.DIAMOND),
)  # fmt: skip

BY_NAME = {kind.name: kind for kind in KINDS}


def level_of(value: float, limits: tuple[float, float, float, float] | None) -> int:
    """Severity 1 (Ⅰ red) … 4 (Ⅳ blue) that a value reaches, 0 for none; NaN reaches none."""
    if limits is None:
        return 0
    falling = limits[0] > limits[-1]
    reached = sum(value <= limit if falling else value >= limit for limit in limits)
    return 5 - reached if reached else 0
