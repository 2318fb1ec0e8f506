/* Sub-tasks of the plan in the right column of dispatch: who does what by when; a row opens its checklist. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const { createElement: make, Fragment, useState } = window.React;
  const state = city.dispatch;
  const cap = (key) => make("kbd", { className: "keycap", "aria-hidden": true }, key);

  function Who({ task, unit }) {
    if (!unit) return task.unit || task.waits || "—";
    const number = state.rows().findIndex((row) => row.unit === unit) + 1;
    return make(Fragment, {}, number > 0 && number < 10 ? cap(String(number)) : null, " ", state.nameOf(unit));
  }

  function More({ task }) {
    return make("tr", { className: "task-more" }, make("td", { colSpan: 5 },
      task.waits ? make("div", { className: "meta" }, task.waits) : null,
      task.checklist.map(([text, isDone, by], k) => make("button", { key: k, type: "button", className: "task-check", role: "checkbox", "aria-checked": isDone,
        "data-task-item": k, "data-of": task.id, "data-deed": isDone ? "untick" : "tick" },
        make("span", { className: `checkbox${isDone ? " is-on" : ""}` }), make("span", {}, text), by ? make("span", { className: "meta" }, by) : null)),
      task.deeds.length ? make("div", { className: "task-deeds" }, task.deeds.map(([deed, label]) =>
        make("button", { key: deed, type: "button", className: "button is-small", "data-task-deed": deed, "data-of": task.id }, label))) : null));
  }

  function Task({ task, isOpen, open }) {
    const unit = state.tasks[task.id];
    const more = task.checklist.length || task.deeds.length || task.waits;
    return make(Fragment, {}, make("tr", { className: `task is-${task.state}${unit ? " is-on" : ""}${more ? " has-more" : ""}`, "data-task": task.id, "data-drop": `task ${task.id}`,
      tabIndex: more ? 0 : undefined, "aria-expanded": more ? isOpen : undefined,
      onClick: more ? open : undefined, onKeyDown: (press) => { if (more && press.key === "Enter") open(); } },
      make("td", {}, make("span", { className: `tag${task.role === "lead" ? " is-accent" : ""}` }, task.roleSaid)),
      make("td", { className: "value task-text", title: task.text }, task.text), make("td", { className: "clip", title: task.who }, task.who),
      make("td", { className: unit || task.unit ? "value task-unit" : "meta task-unit", title: task.waits }, make(Who, { task, unit })),
      make("td", { className: "meta is-number task-limits", title: task.limits }, task.limits.split(" · ")[0])),
    isOpen && more ? make(More, { task }) : null);
  }

  function Plan({ plan, texts }) {
    if (!plan.options.length) return make("span", { className: "meta" }, texts.no_plan);
    return make(Fragment, {},
      plan.mayStart && !plan.started ? make("button", { type: "button", className: "button is-small is-quiet", "data-start-plan": plan.id }, texts.start_plan) : null,
      make("label", { className: "chip case-select" }, make("select", { value: plan.id, "aria-label": texts.plan, onChange: ({ target }) => choose(target.value) },
        plan.options.map(([id, label]) => make("option", { key: id, value: id }, label)))));
  }
  function choose(plan) {
    state.change({ plan, tasks: {} });
    state.recompute();
  }

  city.DispatchTasks = ({ data }) => {
    const [open, setOpen] = useState("");
    const { plan, texts } = data;
    return make("section", { className: "tasks", "aria-label": texts.tasks },
      make(city.PanelHead, { title: texts.tasks, small: texts.tasks_small }, make(Plan, { plan, texts })),
      data.tasks.length ? make("table", { className: "table subs" }, make("tbody", {}, data.tasks.map((task) =>
        make(Task, { key: task.id, task, isOpen: open === task.id, open: () => setOpen(open === task.id ? "" : task.id) })))) : null,
      data.points.length ? make("div", { className: "sop" }, make("div", { className: "section-label" }, data.pointsFrom),
        make("ol", {}, data.points.map((text, k) => make("li", { key: k }, make("span", { className: "num" }, k + 1), make("span", {}, text))))) : null);
  };
})();
