/* The cells of the list of cases: marks, steps and deadlines drawn from plain values (layouts/panels/case_rows.py). */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const STEPS = 7;
  const cells = (window.dashAgGridComponentFunctions ??= {});
  const rules = (window.dashAgGridFunctions ??= {});
  const make = (...args) => window.React.createElement(...args);

  // Blocks that are on their way have no data yet.
  const cell = (draw) => (props) => (props.data ? draw(props.data, props) : make("span", { className: "skeleton case-skeleton" }));

  cells.CaseText = (props) => (props.data ? props.data[props.colDef.field] : null);

  cells.CaseLevel = cell(({ level }) =>
    make("span", { className: `mark is-level-${level}`, role: "img", "aria-label": city.text("level", { level: city.ROMAN[level] }) }, String(level)));

  cells.CaseNumber = cell(({ number }) => make("span", { className: "num" }, number));

  cells.CaseWhat = cell(({ title, kind, supervised, state, lead, district }) =>
    make("span", { className: "case-what" },
      make("span", { className: "case-what-line" },
        make("b", { className: "clip" }, title),
        supervised ? make("span", { className: "tag" }, supervised) : null,
        kind ? make("span", { className: "meta clip" }, kind) : null),
      make("span", { className: "case-what-more meta" }, [state, lead, district].filter((one) => one && one !== "—").join(" · "))));

  cells.CaseStage = cell(({ step, state }) => {
    const dots = Array.from({ length: STEPS }, (_, k) =>
      make("i", { key: k, className: k < step ? "is-done" : k === step ? "is-now" : "" }));
    return make("span", { className: "case-stage" }, make("span", { className: "stages", "aria-hidden": "true" }, dots), make("span", { className: "clip" }, state));
  });

  cells.CaseDeadline = cell(({ deadline }) => {
    if (!deadline) return make("span", { className: "deadline is-paused" }, "—");
    const { due, warn, start, state, text, used, ticks, fixed } = deadline;
    const ticking = ticks ? { "data-due": due, "data-warn": warn, "data-start": start, "data-fixed": fixed } : {};
    const title = `${city.dateText(due)} ${city.timeText(due)}`;
    return make("span", { className: `deadline is-${state}`, title, ...ticking, key: `${due}-${state}` },
      make("i", { className: "deadline-pie", style: { "--used": used }, "aria-hidden": "true" }),
      make("span", { className: "num deadline-text" }, ticks && !fixed ? city.deadlineText(due, city.now()) : text));
  });

  cells.CaseUpdated = cell(({ updated }) => make("span", { className: "num" }, city.shortTime(updated)));

  // Today the time, another day the date.
  city.shortTime = (ms) => {
    const day = city.dateText(ms).slice(0, 5);
    return day === city.dateText(city.now()).slice(0, 5) ? city.timeText(ms).slice(0, 5) : day;
  };

  rules.caseRowClass = (params) => {
    const data = params.data;
    if (!data) return "case-row is-coming";
    return `case-row${data.id === city.openCase ? " is-open" : ""}${data.is_ended ? " is-ended" : ""}`;
  };
})();
