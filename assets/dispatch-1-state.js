/* The page of dispatch, first of its files: which case is open, who is ticked for what, sending it, and taking it back. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const UNDO_MS = 10000;
  const SETTLE_MS = 160; // walking through the list computes only where one stops
  const here = () => document.querySelector(".main.dispatch");
  const state = (city.dispatch = {
    open: "", chosen: [], tasks: {}, several: new Set(), tab: "waiting", sort: "level", queue: null, pick: null,
    board: null, whatIf: [], plan: "", allRows: false, sending: "", undo: null, begun: 0, shownAfter: null,
  });
  const none = () => window.dash_clientside.no_update;
  const words = (name, values = {}) => (state.pick?.texts?.[name] ?? "").replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  state.words = words;
  state.here = here;

  // Parts draw anew when something changed; within one task once.
  let due = false;
  state.change = (changes) => {
    Object.assign(state, changes);
    if (due) return;
    due = true;
    queueMicrotask(() => {
      due = false;
      city.tell("dispatch", state);
    });
  };

  /* The address names the case. */
  const named = () => decodeURIComponent(location.pathname.split("/")[2] ?? "");
  function write(id) {
    const path = id ? `/dispatch/${encodeURIComponent(id)}` : "/dispatch";
    if (location.pathname !== path) history.pushState(null, "", path + location.search);
  }

  const compute = city.later(SETTLE_MS, ask);
  function ask() {
    city.setProps("dispatch-open", { data: { case: state.open, what_if: state.whatIf, several: [...state.several], plan: state.plan, at: Date.now() } });
  }

  // `soon`: by arrow keys; a click computes at once, and the time from it is kept (docs/dispatch-page.md).
  state.show = (id, { soon = false, moves = true } = {}) => {
    if (!id && !state.open) return;
    if (moves) write(id);
    const isOther = id !== state.open;
    if (isOther) state.change({ chosen: [], tasks: {}, whatIf: [], plan: "", undo: null, allRows: false });
    state.change({ open: id, begun: performance.now(), shownAfter: null });
    if (soon) compute();
    else ask();
    city.turn && !matchMedia("(min-width: 900px)").matches && id && city.turn("pick");
  };
  state.recompute = () => state.open && state.show(state.open, { moves: false });

  window.addEventListener("popstate", () => here() && state.show(named(), { moves: false }));

  /* Ticking units, for tasks of theirs. */
  state.rows = () => state.pick?.rows ?? [];
  const rowOf = (unit) => state.rows().find((row) => row.unit === unit) ?? state.cardOf(unit);
  state.cardOf = (unit) => state.board?.lanes.flatMap((lane) => lane.cards).find((card) => card.id === unit);
  state.nameOf = (unit) => rowOf(unit)?.name ?? unit.split("/").at(-1);

  // The first free task that the unit's department, or its skills, can do; the lead's comes first.
  function taskFor(unit) {
    const row = state.rows().find((one) => one.unit === unit);
    const department = unit.split("/")[0];
    const free = (state.pick?.tasks ?? []).filter((task) => task.state === "open" && !state.tasks[task.id]);
    const able = (task) => task.skills.length > 0 && task.skills.every((skill) => row?.skills.includes(skill));
    return free.find((task) => task.department === department && (!task.skills.length || able(task)))
      ?? free.find((task) => task.department === department) ?? free.find(able) ?? null;
  }

  state.toggle = (unit, task = "") => {
    if (!state.pick?.head?.can || state.sending) return;
    const isOn = state.chosen.includes(unit);
    const tasks = Object.fromEntries(Object.entries(state.tasks).filter(([, one]) => one !== unit));
    if (isOn && !task) return state.change({ chosen: state.chosen.filter((one) => one !== unit), tasks });
    const wanted = task || taskFor(unit)?.id;
    if (wanted) tasks[wanted] = unit;
    state.change({ chosen: isOn ? state.chosen : [...state.chosen, unit], tasks });
  };

  /* Sending. */
  const isLost = () => city.live?.state === "lost";
  state.send = (units = state.chosen, tasks = state.tasks, caseId = state.open) => {
    if (!units.length || state.sending || !caseId) return;
    if (isLost()) return city.toast(words("gone"));
    const key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    const version = caseId === state.pick?.head?.id ? state.pick.head.version : null;
    state.change({ sending: key, sentAt: performance.now() });
    city.setProps("dispatch-send", { data: { key, case: caseId, version, units: [...units], tasks: { ...tasks } } });
    setTimeout(() => state.sending === key && state.change({ sending: "" }), 8000);
  };
  state.sendLead = () => {
    const lead = state.pick?.tasks.find((task) => task.role === "lead" && state.tasks[task.id]);
    const unit = lead ? state.tasks[lead.id] : state.chosen[0];
    if (unit) state.send([unit], lead ? { [lead.id]: unit } : {});
  };

  state.deed = (what, about) => city.setProps("dispatch-deed", { data: { what, ...about, at: Date.now() } });

  function hearSent(sent) {
    if (!sent) return none();
    const mine = sent.key === state.sending;
    if (mine) state.change({ sending: "", sentAfter: performance.now() - state.sentAt });
    if (sent.why) return city.toast(sent.why), none();
    if (mine && sent.case === state.open) state.change({ chosen: [], tasks: {} });
    state.offerUndo({ orders: sent.orders, said: sent.said, case: sent.case });
    state.recompute();
    return none();
  }
  function hearDone(done) {
    if (done?.why || done?.said) city.toast(done.why || done.said);
    if (done && !done.why) state.recompute();
    return none();
  }

  /* Ten seconds in which what was sent can be taken back. */
  let ticking = 0;
  state.offerUndo = (undo) => {
    state.change({ undo: { ...undo, until: Date.now() + UNDO_MS } });
    clearInterval(ticking);
    ticking = setInterval(() => {
      if (Date.now() < (state.undo?.until ?? 0)) return state.change({});
      clearInterval(ticking);
      state.change({ undo: null });
    }, 500);
  };
  state.takeBack = () => {
    if (!state.undo) return;
    state.deed("undo", { orders: state.undo.orders, case: state.undo.case });
    state.change({ undo: null });
  };

  state.returnCase = () => {
    const head = state.pick?.head;
    if (!head?.canReturn) return;
    city.askLine(words("reason_return"), (reason) => state.deed("return", { case: head.id, version: head.version, reason }));
  };

  /* Keys of the page: what is printed on buttons goes by assets/keys.js. */
  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable=true], dialog");
  const LETTERS = {
    D: () => state.recompute(), T: () => state.returnCase(), Z: () => state.takeBack(), X: () => state.tickSeveral?.(),
  };
  document.addEventListener("keydown", (press) => {
    if (!here() || press.defaultPrevented) return;
    const isEnter = press.key === "Enter" && (press.ctrlKey || press.metaKey);
    if (isEnter && !press.target.closest?.("form, dialog, .command-bar")) {
      press.preventDefault();
      return state.send();
    }
    if (press.ctrlKey || press.metaKey || press.altKey || typing(press.target) || city.isDrawing?.()) return;
    if (/^[1-9]$/.test(press.key) && state.rows()[Number(press.key) - 1]) state.toggle(state.rows()[Number(press.key) - 1].unit);
    else if (LETTERS[press.key.toUpperCase()] && press.key.length === 1 && !press.shiftKey) LETTERS[press.key.toUpperCase()]();
    else return;
    press.preventDefault();
  });
  document.addEventListener("click", ({ target }) => {
    const key = here() && target.closest?.(".wait-hints [data-key]")?.dataset.key;
    if (key) LETTERS[key]?.();
  });

  /* What the server says. */
  function hearPick(data) {
    if (!data) return none();
    const isOpen = data.head?.id === state.open;
    if (data.head && !isOpen && state.open) return none(); // another is open meanwhile
    state.change({ pick: data });
    const isOver = (id) => data.orders?.some((order) => order.id === id && !order.isOpen);
    if (isOpen && state.undo?.orders.every(isOver)) state.change({ undo: null });
    if (!isOpen) return none();
    if (state.shownAfter === null) state.change({ shownAfter: performance.now() - state.begun });
    // Rings and routes come after what was waited for, and anew when units have moved.
    if (state.stamp === data.stamp) return none();
    state.stamp = data.stamp;
    requestAnimationFrame(() => city.setProps("dispatch-around", { data: { case: state.open, what_if: state.whatIf, at: Date.now() } }));
    return none();
  }
  const keep = (name) => (data) => {
    if (data) state.change({ [name]: data });
    return none();
  };

  const HELP = {
    "zh-CN": { "1 … 9": "选或不选该力量", "Ctrl ↵": "派遣", "↑ ↓": "上一件 / 下一件", D: "重新推荐", T: "退回立案", X: "多选", Z: "撤回刚派出的" },
    en: { "1 … 9": "Tick a unit", "Ctrl ↵": "Send", "↑ ↓": "Previous / next case", D: "Rank again", T: "Return to filing", X: "Choose several", Z: "Take back what was just sent" },
  };
  const former = city.pageHelp;
  city.pageHelp = () => (here() ? HELP[city.lang()] : former?.() ?? {});

  // Dash's first call says that it listens; what is set before is lost.
  let isBegun = false;
  function begin() {
    if (!isBegun && here()) setTimeout(() => named() && state.show(named(), { moves: false }));
    isBegun = true;
    return none();
  }

  window.dash_clientside = Object.assign(window.dash_clientside ?? {}, {
    city_dispatch: { hearPick, hearQueue: keep("queue"), hearBoard: keep("board"), hearSent, hearDone, begin,
      hearWays: (ways) => city.hearWays?.(ways) ?? none(), hearClosed: (closed) => city.hearClosed?.(closed) ?? none() },
  });
})();
