"""The accounts of a demo: one for every post, some for departments and districts; no passwords.

Nobody of these exists. They are entered by a click on the login page of a demo, and in no other
way.
"""

from collections.abc import Iterable, Sequence

from city.accounts import Account
from city.profile import Place
from city.roles import Role

# Post, name.
CENTRE: Sequence[tuple[Role, str]] = (
    (Role.ACCEPTOR, "陈雨欣"),
    (Role.CHIEF, "符国强"),
    (Role.DISPATCHER, "林晓燕"),
    (Role.INSPECTOR, "王海波"),
    (Role.LEADER, "吴清远"),
    (Role.EVALUATOR, "郑文静"),
    (Role.CDO, "黄思源"),
    (Role.ANALYST, "许嘉怡"),
    (Role.DISCIPLINE, "冯正"),
    (Role.SYSADMIN, "梁工"),
    (Role.SECADMIN, "安宁"),
    (Role.AUDITOR, "沈明"),
    (Role.OPERATOR, "云帆公司"),
    (Role.PUBLIC, "市民"),
)
HOTLINE = "rx"  # the department whose agents answer
COLLECTORS = ("周海涛", "蔡小梅", "韩冬", "邢丽", "邓勇", "唐洁")  # one for each district
UNITS = ("sw", "jj", "zhzf", "sz", "yl", "hw", "hb", "ga", "gd", "rq", "jt", "zj", "xf", "yj", "sc")
HANDLERS = {"sw": "陈大勇", "jj": "李志刚", "zhzf": "曾强", "sz": "莫海", "hw": "温秀兰"}


def demo_accounts(areas: Iterable[Place], departments: Sequence[Place]) -> list[Account]:
    """All of them, in the order of the login page."""
    known = {place.code: place.zh for place in departments}
    found = [seat(str(role), name, role) for role, name in CENTRE]
    if HOTLINE in known:
        found.append(seat("agent", "苏婷", Role.AGENT, department=HOTLINE))
    for area, name in zip(areas, COLLECTORS, strict=False):
        found.append(seat(f"collector-{area.code}", name, Role.COLLECTOR, areas=(area.code,)))
    units = {code: known[code] for code in [*UNITS, *district_units(known)] if code in known}
    found += [seat(f"unit-{code}", name, Role.UNIT, (), code) for code, name in units.items()]
    handlers = {code: name for code, name in HANDLERS.items() if code in known}
    found += [
        seat(f"handler-{code}", name, Role.HANDLER, (), code) for code, name in handlers.items()
    ]
    return found


def district_units(known: Iterable[str]) -> list[str]:
    """Departments that are a district's own: `d` and the end of its code."""
    return sorted(code for code in known if code[:1] == "d" and code[1:].isdigit())


def seat(
    account: str, name: str, role: Role, areas: tuple[str, ...] = (), department: str = ""
) -> Account:
    """One of them."""
    return Account(account, name, (role,), areas, department, is_demo=True)
