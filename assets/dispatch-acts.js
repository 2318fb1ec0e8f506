/* Presses in the right column of dispatch: ticking, sending, orders, notes; and dragging a unit. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const state = city.dispatch;
  const WITH_REASON = new Set(["refuse", "recall"]);

  const PRESSED = {
    candidate: ({ dataset }) => state.toggle(dataset.candidate),
    send: ({ dataset }) => ({ all: () => state.send(), lead: state.sendLead, return: state.returnCase })[dataset.send](),
    allRows: () => state.change({ allRows: true }),
    undo: () => state.takeBack(),
    whatIf: ({ dataset }) => whatIf(dataset.whatIf),
    orderMove: (button) => moveOrder(button.closest("[data-order]").dataset.order, button.dataset.orderMove),
    jointTake: () => takeJoint(),
    pickUnit: ({ dataset }) => state.toggle(dataset.pickUnit),
    setStatus: ({ dataset }) => state.deed("status", { unit: dataset.of, status: dataset.setStatus }),
    closeArea: () => city.askLine(state.words("close_reason"), (reason) => state.deed("close_road", { points: state.drawn, area: true, reason })),
    startPlan: ({ dataset }) => state.deed("start_plan", { case: state.open, plan: dataset.startPlan }),
    taskDeed: ({ dataset }) => doTask(dataset.of, dataset.taskDeed),
    taskItem: ({ dataset }) => state.deed("task", { case: state.open, task: dataset.of, deed: dataset.deed, item: Number(dataset.taskItem) }),
    openRoad: ({ dataset }) => city.askLine(state.words("lift_reason"), (reason) => state.deed("open_road", { closure: dataset.openRoad, reason })),
  };

  document.addEventListener("click", ({ target }) => {
    if (!state.here()) return;
    const name = Object.keys(PRESSED).find((one) => target.closest?.(`[data-${one.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}]`));
    if (name) PRESSED[name](target.closest(`[data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}]`));
  });

  function whatIf(name) {
    const on = state.whatIf.includes(name);
    state.change({ whatIf: on ? state.whatIf.filter((one) => one !== name) : [...state.whatIf, name] });
    state.recompute();
  }

  function moveOrder(order, move) {
    if (move === "redirect") return askCase(order);
    if (!WITH_REASON.has(move)) return state.deed("order", { order, move });
    const title = state.words(move === "refuse" ? "reason_refuse" : "reason_recall");
    city.askLine(title, (reason) => state.deed("order", { order, move, reason }));
  }

  // Another case that waits takes the unit.
  function askCase(order) {
    const others = (state.queue?.waiting ?? []).filter(({ id }) => id !== state.open);
    if (!others.length) return city.toast(state.words("no_other_case"));
    const dialog = city.make("dialog", "ask-dialog float");
    const list = city.make("div", "ask-list");
    list.append(...others.map(({ id, title, place, level }) => {
      const row = city.make("button", "map-list-row");
      row.type = "button";
      row.append(city.make("span", `mark is-level-${level}`, String(level)), city.make("span", "clip", title), city.make("span", "meta", place));
      row.onclick = () => { dialog.close(); state.deed("order", { order, move: "redirect", case: id }); };
      return row;
    }));
    dialog.append(city.make("b", "strong", state.words("redirect_to")), list);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  function doTask(task, deed) {
    if (deed !== "skip") return state.deed("task", { case: state.open, task, deed });
    city.askLine(state.words("reason_skip"), (reason) => state.deed("task", { case: state.open, task, deed, reason }));
  }

  // The suggestion for several cases: each case gets its unit, one command each.
  function takeJoint() {
    state.pick.joint.forEach((one, k) => setTimeout(() => state.sendOne(one.unit, one.case), k * 50));
    state.change({ several: new Set() });
  }
  state.sendOne = (unit, caseId) => {
    const key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    city.setProps("dispatch-send", { data: { key, case: caseId, version: null, units: [unit], tasks: {} } });
  };

  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.("form[data-radio]");
    if (!form || !state.here()) return;
    event.preventDefault();
    const text = new FormData(form).get("text").trim();
    const unit = form.dataset.unit ?? "";
    if (text) state.deed("note", { case: unit ? "" : state.open, unit, text });
    form.reset();
  });

  /* Candidates by keyboard. */
  document.addEventListener("keydown", (press) => {
    const row = state.here() && press.target.closest?.(".candidate");
    if (!row || press.target !== row || press.ctrlKey || press.metaKey || press.altKey) return;
    const rows = [...document.querySelectorAll(".candidate")];
    const by = { ArrowDown: 1, ArrowUp: -1 }[press.key];
    if (by) rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(row) + by))].focus();
    else if (press.key === " " || press.key === "Enter") state.toggle(row.dataset.candidate);
    else return;
    press.preventDefault();
  });

  /* Dragging: onto the map sends, onto a task assigns, onto a case sends there. */
  let dragged = "";
  const unitOf = (element) => element?.dataset?.candidate ?? element?.dataset?.unit ?? "";
  document.addEventListener("dragstart", (drag) => {
    const source = state.here() && drag.target.closest?.("[data-candidate], .unit[data-unit]");
    if (!source) return;
    dragged = unitOf(source);
    drag.dataTransfer.setData("text/plain", dragged);
    drag.dataTransfer.effectAllowed = "copy";
    document.documentElement.classList.add("is-dragging");
  });
  document.addEventListener("dragend", () => {
    dragged = "";
    document.documentElement.classList.remove("is-dragging");
    aim(null);
  });

  const targetOf = (element) => dragged && element?.closest?.("[data-drop], .dispatch-map");
  function aim(target) {
    for (const one of document.querySelectorAll(".is-aimed")) if (one !== target) one.classList.remove("is-aimed");
    target?.classList.add("is-aimed");
  }
  document.addEventListener("dragover", (drag) => {
    const target = targetOf(drag.target);
    aim(target);
    if (!target) return;
    drag.preventDefault();
    drag.dataTransfer.dropEffect = "copy";
  });
  document.addEventListener("drop", (drag) => {
    const target = targetOf(drag.target);
    if (!target) return;
    drag.preventDefault();
    const [kind, id] = (target.dataset.drop ?? `map ${state.open}`).split(" ");
    if (kind === "task") return state.toggle(dragged, id);
    if (!id) return;
    if (kind === "map") return state.pick?.head?.can ? state.send([dragged], {}) : undefined;
    state.show(id);
    state.send([dragged], {}, id);
  });
})();
