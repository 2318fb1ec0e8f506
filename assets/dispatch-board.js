/* The board of units: columns by status; time in status ticks, what is over its limit has colour and an edge. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const { createElement: make, useEffect, memo } = window.React;
  const state = city.dispatch;

  const UNITS = { "zh-CN": [" 时 ", " 分", " 天"], en: [" h ", " min", " d"] };
  // 01:05 below ten minutes, then minutes, then hours and minutes.
  city.dwellText = (ms) => {
    const [hour, minute, day] = UNITS[city.lang()];
    const seconds = Math.max(0, Math.floor(ms / 1000));
    if (seconds < 600) return city.spanText(seconds);
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return `${minutes}${minute}`;
    if (minutes < 1440) return `${Math.floor(minutes / 60)}${hour}${String(minutes % 60).padStart(2, "0")}`;
    return `${Math.floor(minutes / 1440)}${day}`;
  };

  const overdue = (card, now) => {
    const spent = (now - card.since) / 1000;
    if (card.since && card.alert && spent >= card.alert) return "is-overdue";
    return card.since && card.warn && spent >= card.warn ? "is-near" : "is-ok";
  };

  const Card = memo(({ card, isOn }) => make("li", { className: `unit ${overdue(card, city.now())}${isOn ? " is-on" : ""}`, tabIndex: -1, role: "listitem",
    draggable: card.can, "data-unit": card.id, "aria-label": card.said, title: card.title, "aria-current": isOn },
    make("b", { className: "clip" }, card.name), make("span", { className: "clip" }, card.what),
    make("span", { className: "num unit-time", "data-dwell": card.since ?? "", "data-limits": `${card.warn ?? ""} ${card.alert ?? ""}` },
      card.since ? city.dwellText(city.now() - card.since) : "—")),
  (one, other) => one.isOn === other.isOn && JSON.stringify(one.card) === JSON.stringify(other.card));

  function Lane({ lane, chosen }) {
    return make("section", { className: "lane", "aria-label": `${lane.label} ${lane.count}` },
      make("header", {}, make("span", { className: "glyph" }, lane.glyph), make("span", { className: "clip" }, lane.label),
        make("span", { className: "spacer" }), make("b", { className: "num" }, lane.count.toLocaleString("en-US"))),
      make("ul", { role: "list" }, lane.cards.map((card) => make(Card, { key: card.id, card, isOn: chosen.includes(card.id) })),
        lane.more ? make("li", { className: "lane-more num" }, lane.more) : null));
  }

  function UnitBoard({ id, data }) {
    city.useDispatch();
    useEffect(() => { if (data) { state.change({ board: data }); chips(data); } }, [data]);
    if (!data) return make("div", { id, className: "panel-body is-loading", "aria-busy": true }, make("div", { className: "lanes" }, [0, 1, 2, 3, 4, 5, 6].map((n) =>
      make("section", { key: n, className: "lane" }, [0, 1, 2].map((k) => make("div", { key: k, className: "skeleton unit-skeleton" }))))));
    if (!data.chips.length) return make("div", { id, className: "panel-body" }, make("div", { className: "empty" },
      make("strong", {}, data.texts.none), make("span", {}, data.texts.noneHint)));
    return make("div", { id, className: "panel-body" }, make("div", { className: "lanes" },
      data.lanes.map((lane) => make(Lane, { key: lane.name, lane, chosen: state.chosen }))));
  }

  /* Departments as chips; none pressed shows all. */
  let written = "";
  function chips(data) {
    const box = document.querySelector("[data-board=chips]");
    const text = JSON.stringify([data.chips, city.lang()]);
    if (!box || text === written) return;
    written = text;
    box.replaceChildren(...data.chips.map(({ code, name, count, on }) => {
      const chip = city.make("button", `chip${on ? " is-on" : ""}`, name);
      Object.assign(chip, { type: "button", title: `${name} ${count}` });
      chip.dataset.department = code;
      chip.setAttribute("aria-pressed", on);
      return chip;
    }));
  }
  function toggleDepartment(code) {
    const on = state.board.chips.filter((chip) => chip.on).map((chip) => chip.code);
    const next = on.includes(code) ? on.filter((one) => one !== code) : [...on, code];
    city.setProps("dispatch-board-view", { data: next });
  }

  document.addEventListener("click", ({ target }) => {
    if (!state.here()) return;
    const code = target.closest?.("[data-department]")?.dataset.department;
    const unit = target.closest?.(".unit[data-unit]")?.dataset.unit;
    if (code) toggleDepartment(code);
    else if (unit) state.openUnit(unit);
  });
  state.openUnit = (unit) => city.setProps("dispatch-unit", { data: { unit, at: Date.now() } });

  /* Arrows walk over the board; Enter opens the card, Space ticks the unit for the open case. */
  const cardsOf = (lane) => [...lane.querySelectorAll(".unit")];
  function walk(card, key) {
    const lanes = [...document.querySelectorAll(".lane")];
    const lane = card.closest(".lane");
    const at = cardsOf(lane).indexOf(card);
    if (key === "ArrowDown" || key === "ArrowUp") return cardsOf(lane)[at + (key === "ArrowDown" ? 1 : -1)];
    const by = key === "ArrowRight" ? 1 : -1;
    for (let k = lanes.indexOf(lane) + by; k >= 0 && k < lanes.length; k += by) {
      const cards = cardsOf(lanes[k]);
      if (cards.length) return cards[Math.min(at, cards.length - 1)];
    }
    return null;
  }
  document.addEventListener("keydown", (press) => {
    if (!state.here() || press.ctrlKey || press.metaKey || press.altKey || press.defaultPrevented) return;
    const card = press.target.closest?.(".unit[data-unit]");
    const enters = press.target.matches?.(".board") && press.key === "ArrowDown";
    if (enters) document.querySelector(".lane .unit")?.focus();
    else if (card && press.key.startsWith("Arrow")) walk(card, press.key)?.focus();
    else if (card && press.key === "Enter") state.openUnit(card.dataset.unit);
    else if (card && press.key === " ") state.toggle(card.dataset.unit);
    else return;
    press.preventDefault();
  });

  city.on("second", (now_ms) => {
    if (!state.here()) return;
    for (const one of document.querySelectorAll("[data-dwell]")) {
      const since = Number(one.dataset.dwell);
      if (!since) continue;
      const [warn, alert] = one.dataset.limits.split(" ").map(Number);
      city.fill(one, city.dwellText(now_ms - since));
      const how = overdue({ since, warn, alert }, now_ms);
      for (const name of ["is-ok", "is-near", "is-overdue"]) one.parentElement.classList.toggle(name, name === how);
    }
    const newest = state.board?.newest;
    const age = document.querySelector("[data-board=age]");
    if (age) city.fill(age, newest ? state.board.texts.age.replace("{age}", city.ageText((now_ms - newest) / 1000)) : "");
  });

  window.city_dispatch = Object.assign(window.city_dispatch ?? {}, { UnitBoard });
})();
