/* The left column of dispatch: cases that wait, orders under way; one walks through them by arrows. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const { createElement: make, useEffect, useReducer } = window.React;
  const state = city.dispatch;

  // A component that draws anew when the page's state changes.
  city.useDispatch = () => {
    const [, draw] = useReducer((n) => n + 1, 0);
    useEffect(() => city.on("dispatch", draw), []);
    return state;
  };
  city.Mark = ({ level, label }) => make("span", { className: `mark is-level-${level}`, role: "img", "aria-label": label }, String(level || ""));

  city.Deadline = ({ deadline, className = "" }) => {
    if (!deadline) return null;
    const { due, warn, start, state: how, text, used, ticks, fixed } = deadline;
    const ticking = ticks ? { "data-due": due, "data-warn": warn, "data-start": start, "data-fixed": fixed } : {};
    return make("span", { className: `deadline is-${how} ${className}`, title: `${city.dateText(due)} ${city.timeText(due)}`, ...ticking, key: `${due}-${how}` },
      make("i", { className: "deadline-pie", style: { "--used": used }, "aria-hidden": "true" }),
      make("span", { className: "num deadline-text" }, ticks && !fixed ? city.deadlineText(due, city.now()) : text));
  };

  // The share of the deadline that is used tints the row; nothing else does.
  const aged = ({ deadline }) => {
    if (!deadline) return "";
    const now = city.now();
    return now >= deadline.due ? " is-overdue" : now >= deadline.warn ? " is-near" : "";
  };

  const ORDERS = {
    level: () => 0,
    due: (a, b) => (a.deadline?.due ?? Infinity) - (b.deadline?.due ?? Infinity),
    area: (a, b) => a.area.localeCompare(b.area),
  };
  const listed = (data) => (state.tab === "active" ? data.active : [...data.waiting].sort(ORDERS[state.sort]));

  function Waiting({ row }) {
    return make("div", { className: "wait-body" },
      make("div", { className: "wait-line" }, make("span", { className: "wait-title clip" }, row.title),
        make("span", { className: "num value wait-age", "data-wait-since": row.since }, city.spanText((city.now() - row.since) / 1000))),
      make("div", { className: "wait-line" }, make("span", { className: "meta clip" }, row.place), make(city.Deadline, { deadline: row.deadline })),
      row.sources || row.watcher ? make("div", { className: "meta clip" }, [row.sources, row.watcher].filter(Boolean).join(" · ")) : null);
  }

  function Active({ row }) {
    const answer = row.answerBy ? make("span", { className: "num", "data-answer-by": row.answerBy }, city.countdown(row.answerBy)) : null;
    return make("div", { className: "wait-body" },
      make("div", { className: "wait-line" }, make("span", { className: "wait-title clip" }, row.title),
        answer ?? make("span", { className: "num wait-age", "data-wait-since": row.since }, city.spanText((city.now() - row.since) / 1000))),
      make("div", { className: "meta clip" }, row.place),
      make("div", { className: "wait-units" }, row.units.map((unit, k) =>
        make("span", { key: k, className: `unit-chip ${unit.state}`, title: `${unit.name} ${unit.said}` },
          make("i", { className: "glyph" }, unit.glyph), unit.name))),
      row.note ? make("div", { className: "wait-note" }, row.note) : null);
  }

  function Row({ row }) {
    const isOn = row.id === state.open;
    const ticked = state.several.has(row.id);
    const tint = state.tab === "active" ? ` ${row.state}` : aged(row);
    const attributes = { className: `wait-row${isOn ? " is-selected" : ""}${ticked ? " is-ticked" : ""}${tint}`, role: "listitem",
      tabIndex: isOn ? 0 : -1, "data-wait": row.id, "data-drop": `case ${row.id}`, "aria-label": row.said, "aria-current": isOn };
    return make("li", attributes, ticked ? make("span", { className: "checkbox is-on", role: "img", "aria-label": "✓" }) : make(city.Mark, { level: row.level }),
      make(state.tab === "active" ? Active : Waiting, { row }));
  }

  function WaitingQueue({ id, data }) {
    city.useDispatch();
    useEffect(() => { if (data) state.change({ queue: data }); figures(data); }, [data]);
    if (!data) return make("div", { id, className: "panel-body is-loading", "aria-busy": true }, [1, 2, 3, 4].map((n) => make("div", { key: n, className: "skeleton wait-skeleton" })));
    const rows = listed(data);
    const [text, hint] = data.empty[state.tab];
    if (!rows.length) return make("div", { id, className: "panel-body" }, make("div", { className: "empty" }, make("strong", {}, text), make("span", {}, hint)));
    return make("ul", { id, className: "panel-body wait-list", role: "list", tabIndex: -1, "aria-label": data.texts.label },
      rows.map((row) => make(Row, { key: row.id, row })));
  }

  function figures(data) {
    if (!data) return;
    const fill = (name, text) => city.fill(document.querySelector(`[data-dispatch="${name}"]`), text);
    fill("waiting", data.counts.waiting);
    fill("active", data.counts.active);
    fill("mean", data.mean);
  }

  /* Choosing. */
  const ids = () => (state.queue ? listed(state.queue).map(({ id }) => id) : []);
  function focusRow(id) {
    requestAnimationFrame(() => document.querySelector(`[data-wait="${CSS.escape(id)}"]`)?.focus({ preventScroll: false }));
  }
  function step(by) {
    const all = ids();
    if (!all.length) return;
    const next = all[Math.max(0, Math.min(all.length - 1, all.indexOf(state.open) + by))] ?? all[0];
    state.show(next, { soon: true });
    focusRow(next);
  }
  state.stepCase = step;

  // Several cases are assigned together; the open one is always among them.
  state.tickSeveral = () => {
    if (!state.open || state.tab !== "waiting") return;
    const several = new Set(state.several);
    several.has(state.open) ? several.delete(state.open) : several.add(state.open);
    state.change({ several });
    state.recompute();
  };

  document.addEventListener("click", ({ target, shiftKey }) => {
    if (!state.here()) return;
    const row = target.closest?.("[data-wait]");
    const tab = target.closest?.("[data-wait-tab]")?.dataset.waitTab;
    const sort = target.closest?.("[data-wait-sort]")?.dataset.waitSort;
    if (tab) turn(tab);
    else if (sort) order(sort);
    else if (row) {
      state.show(row.dataset.wait);
      if (shiftKey) state.tickSeveral();
    }
  });

  function turn(tab) {
    state.change({ tab });
    for (const one of document.querySelectorAll("[data-wait-tab]")) one.setAttribute("aria-selected", one.dataset.waitTab === tab);
    document.querySelector(".wait-sorts")?.toggleAttribute("hidden", tab !== "waiting");
  }
  state.turnQueue = turn;
  function order(sort) {
    state.change({ sort });
    for (const one of document.querySelectorAll("[data-wait-sort]")) one.setAttribute("aria-pressed", one.dataset.waitSort === sort);
  }

  const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -1e6, End: 1e6 };
  document.addEventListener("keydown", (press) => {
    if (!state.here() || press.defaultPrevented || press.ctrlKey || press.metaKey || press.altKey || !(press.key in STEPS)) return;
    const inList = press.target.closest?.(".wait") && !press.target.closest("[role=tab], button");
    if (!inList && press.target !== document.body) return;
    step(STEPS[press.key]);
    press.preventDefault();
  });

  /* Spans and countdowns tick by themselves. */
  city.countdown = (until) => city.spanText(Math.max(0, Math.ceil((until - city.now()) / 1000)));
  city.on("second", (now_ms) => {
    if (!state.here()) return;
    for (const one of document.querySelectorAll("[data-wait-since]")) city.fill(one, city.spanText((now_ms - one.dataset.waitSince) / 1000));
    for (const one of document.querySelectorAll("[data-answer-by]")) {
      city.fill(one, city.countdown(one.dataset.answerBy));
      one.classList.toggle("is-over", now_ms > one.dataset.answerBy);
    }
  });

  window.city_dispatch = Object.assign(window.city_dispatch ?? {}, { WaitingQueue });
})();
