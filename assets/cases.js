/* The page of cases: what is open and what is asked for stand in the address; the list holds still. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const GRID = "case-grid";
  const FILTERS = ["view", "q", "level", "type", "lead", "source", "overdue"];
  const TYPING_MS = 250;
  const RENEW_MS = 500; // changes of half a second are one
  const SETTLED_MS = 3000; // a list that was just drawn is in order
  const NARROW = matchMedia("(max-width: 1600px)");
  const PHONE = matchMedia("(max-width: 899px)");
  const here = () => document.querySelector(".main.cases");
  const grid = () => (here() && window.dash_ag_grid?.getApi ? safely(() => window.dash_ag_grid.getApi(GRID)) : null);
  const safely = (ask) => { try { return ask(); } catch { return null; } };
  city.openCase = "";
  city.caseGrid = grid;

  // ---- the address -------------------------------------------------------------------------
  const opened = () => {
    const name = decodeURIComponent(location.pathname.split("/")[2] ?? "");
    return name === "new" ? `new${location.search}` : name;
  };
  const asked = () => {
    const query = new URLSearchParams(location.search);
    return Object.fromEntries(FILTERS.filter((name) => query.get(name)).map((name) => [name, query.get(name)]));
  };

  function write(path, query, replace = false) {
    const kept = new URLSearchParams(location.search);
    for (const name of [...FILTERS, "pos", "thing", "title", "type", "alarm"]) if (!(name in query)) kept.delete(name);
    for (const [name, value] of Object.entries(query)) kept.set(name, value);
    const text = kept.toString().replace(/%2C/g, ",").replace(/%2F/g, "/");
    history[replace ? "replaceState" : "pushState"](null, "", path + (text && `?${text}`));
  }

  let query = {};
  function ask(changes, replace = false) {
    const next = Object.fromEntries(Object.entries({ ...query, ...changes }).filter(([, value]) => value));
    if (JSON.stringify(next) === JSON.stringify(query)) return;
    query = next;
    write(location.pathname, query, replace);
    city.setProps("case-query", { data: query });
    renew();
  }

  city.showCase = (id, moves = true) => {
    if (moves && id !== city.openCase) write(id ? `/cases/${encodeURIComponent(id.split("?")[0])}` : "/cases", id.startsWith("new") ? { ...query, ...Object.fromEntries(new URLSearchParams(id.split("?")[1] ?? "")) } : query);
    const before = city.openCase;
    city.openCase = id;
    here()?.classList.toggle("has-open", Boolean(id));
    city.setProps("case-open", { data: id });
    city.setProps("case-asked", { data: null });
    city.tell("case", id);
    repaint([before, id]);
    if (id) document.getElementById("case-panel")?.focus();
    else focusRow(before);
  };

  function repaint(ids) {
    const api = grid();
    const rows = ids.map((id) => id && api?.getRowNode(id)).filter(Boolean);
    if (rows.length) api.redrawRows({ rowNodes: rows });
  }

  window.addEventListener("popstate", () => {
    if (!here()) return;
    query = asked();
    city.setProps("case-query", { data: query });
    if (opened() !== city.openCase) city.showCase(opened(), false);
    renew();
  });

  // ---- the list ----------------------------------------------------------------------------
  const box = () => document.querySelector(".case-grid-box");
  const busy = () => box()?.matches(":hover, :focus-within");
  let asOf = 0;
  let isStale = false;
  let begun_ms = 0;

  // In order again: from now on what is newer waits above.
  function renew(keepsPlace = false) {
    asOf = Math.floor(city.now());
    isStale = false;
    city.setProps("case-as-of", { data: asOf });
    const api = grid();
    if (!api) return;
    if (keepsPlace) api.refreshInfiniteCache();
    else {
      api.ensureIndexVisible(0);
      api.purgeInfiniteCache();
    }
  }

  const shown = () => grid()?.getRenderedNodes().filter((node) => node.data) ?? [];

  // Rows that are seen are asked for anew where they are; order and place wait until nobody looks closely.
  const look = city.later(RENEW_MS, () => {
    if (!here()) return;
    const known = Object.fromEntries(shown().map(({ data }) => [data.id, data.version]));
    if (Object.keys(known).length) city.setProps("case-watched", { data: known });
    isStale = true;
    if (Date.now() - begun_ms < SETTLED_MS) setTimeout(settle, SETTLED_MS);
    else settle();
  });
  function settle() {
    if (isStale && here() && !busy()) renew(true);
  }
  document.addEventListener("pointerout", ({ relatedTarget }) => box()?.contains(relatedTarget) || settle());
  document.addEventListener("focusout", () => setTimeout(settle, RENEW_MS));

  function takeNews(rows) {
    const api = grid();
    for (const row of rows ?? []) api?.getRowNode(row.id)?.setData(row);
    return window.dash_clientside.no_update;
  }
  // Another district is another list.
  let scope = null;
  function hearScope(area) {
    if (scope !== null && scope !== area) renew();
    scope = area ?? "";
    return window.dash_clientside.no_update;
  }
  let isBegun = false;
  function hearPulse() {
    // Dash's first call says that it listens; what is set before is lost.
    if (!isBegun) setTimeout(begin);
    else look();
    isBegun = true;
    return window.dash_clientside.no_update;
  }

  // Columns that a narrow page can do without; on a phone a row is a card.
  function fit() {
    const api = grid();
    if (!api) return;
    const isSmall = NARROW.matches && Boolean(city.openCase);
    const off = PHONE.matches ? ["number", "district", "stage", "lead", "source", "updated"] : isSmall ? ["district", "source", "updated"] : [];
    const names = api.getColumns().map((one) => one.getColId());
    api.setColumnsVisible(names.filter((name) => !off.includes(name)), true);
    if (off.length) api.setColumnsVisible(off, false);
  }
  NARROW.addEventListener("change", fit);
  PHONE.addEventListener("change", fit);
  city.on("case", () => setTimeout(fit));

  // ---- rows by keyboard --------------------------------------------------------------------
  function rowAt(index) {
    return grid()?.getDisplayedRowAtIndex(index);
  }
  function focusIndex(index) {
    const api = grid();
    if (!api || !rowAt(index)) return;
    api.ensureIndexVisible(index);
    api.setFocusedCell(index, "what");
    holdFocus(index, 40);
  }
  // A cell that React is still drawing cannot take the focus yet.
  function holdFocus(index, tries) {
    const cell = box()?.querySelector(`.ag-center-cols-container [row-index="${index}"] [col-id="what"]`);
    if (cell && !cell.parentElement.contains(document.activeElement)) cell.focus();
    if (tries && !cell?.contains(document.activeElement) && grid()?.getFocusedCell()?.rowIndex === index) setTimeout(holdFocus, 80, index, tries - 1);
  }
  city.focusRow = focusRow;
  function focusRow(id) {
    const node = id && grid()?.getRowNode(id);
    if (node) focusIndex(node.rowIndex);
    else box()?.querySelector(".ag-cell")?.focus();
  }
  function current() {
    const api = grid();
    const focused = api?.getFocusedCell();
    if (focused) return focused.rowIndex;
    const node = city.openCase ? api?.getRowNode(city.openCase) : null;
    return node ? node.rowIndex : -1;
  }
  function step(by) {
    const last = (grid()?.getDisplayedRowCount() ?? 1) - 1;
    focusIndex(Math.max(0, Math.min(last, current() + by)));
  }
  function stepOpen(by) {
    const api = grid();
    const node = city.openCase && api?.getRowNode(city.openCase);
    const next = rowAt((node?.rowIndex ?? -1) + by);
    if (!next?.data) return;
    city.showCase(next.data.id);
    api.ensureNodeVisible(next);
  }
  const HELP = {
    "zh-CN": { "J K": "下一行 / 上一行", "↵": "打开", Space: "勾选", U: "显示上方的新事件", "[ ]": "上一件 / 下一件", P: "照片", H: "全部记录", C: "留言" },
    en: { "J K": "Next / previous row", "↵": "Open", Space: "Tick", U: "Show what is new above", "[ ]": "Previous / next case", P: "Photos", H: "Whole log", C: "Comment" },
  };
  city.pageHelp = () => (here() ? HELP[city.lang()] : {});
  const LETTERS = { j: () => step(1), k: () => step(-1), "[": () => stepOpen(-1), "]": () => stepOpen(1), p: () => city.showPhoto(0) };

  document.addEventListener("keydown", (press) => {
    if (!here() || press.ctrlKey || press.metaKey || press.altKey || press.defaultPrevented) return;
    const inRow = press.target.closest?.(".ag-row");
    if (inRow && press.key === "Enter") {
      const node = rowAt(Number(inRow.getAttribute("row-index")));
      if (node?.data) city.showCase(node.data.id);
    } else if (!press.target.closest?.("input, textarea, select") && LETTERS[press.key.toLowerCase()]) LETTERS[press.key.toLowerCase()]();
    else return;
    press.preventDefault();
  }, true);

  // ---- clicks and choices ------------------------------------------------------------------
  const toggled = (button) => (button.getAttribute("aria-pressed") === "true" ? "" : "1");
  const PRESSED = {
    view: (button) => chooseView(button.dataset),
    flag: (button) => ask({ [button.dataset.flag]: toggled(button) }),
    clear: () => { city.setProps("case-text", { value: "" }); ask({ q: "", level: "", type: "", lead: "", source: "", overdue: "" }); },
    renew: () => renew(),
    case: (button) => city.showCase(button.dataset.case === "new" ? "new" : button.dataset.case),
    copy: () => navigator.clipboard?.writeText(location.href).then(() => city.toast(city.lang() === "en" ? "Link copied" : "已复制链接")),
    saveView: () => saveView(),
    dropView: (button) => city.setProps("case-keep-view", { data: { drop: button.dataset.dropView.slice(4), at: Date.now() } }),
    untick: () => grid()?.deselectAll(),
  };
  // A saved view is a whole address; a view of the house changes only which cases are listed.
  function chooseView({ view, query: saved }) {
    if (!saved) return ask({ view: view === "open" ? "" : view });
    const wanted = JSON.parse(saved);
    ask({ ...Object.fromEntries(FILTERS.map((name) => [name, ""])), ...wanted });
    city.setProps("case-text", { value: wanted.q ?? "" });
  }
  function saveView() {
    city.askLine(city.lang() === "en" ? "Name of the view" : "视图名称", (name) => city.setProps("case-keep-view", { data: { name, query, at: Date.now() } }));
  }

  document.addEventListener("click", ({ target }) => {
    if (!here()) return;
    const button = target.closest?.("button");
    const name = button && Object.keys(PRESSED).find((one) => one in button.dataset);
    if (name) return PRESSED[name](button);
    const row = target.closest?.(".ag-row");
    if (!row || target.closest(".ag-selection-checkbox, .ag-checkbox-input")) return;
    const node = rowAt(Number(row.getAttribute("row-index")));
    if (node?.data) city.showCase(node.data.id);
  });
  document.addEventListener("change", ({ target }) => {
    if (here() && target.dataset?.filter) ask({ [target.dataset.filter]: target.value });
  });
  const askText = city.later(TYPING_MS, (text) => ask({ q: text.trim() }, true));
  document.addEventListener("input", ({ target }) => {
    if (here() && target.id === "case-text") askText(target.value);
  });

  // ---- the start ---------------------------------------------------------------------------
  function begin() {
    begun_ms = Date.now();
    query = asked();
    city.setProps("case-query", { data: query });
    if (query.q) city.setProps("case-text", { value: query.q });
    asOf = Math.floor(city.now());
    city.setProps("case-as-of", { data: asOf });
    if (opened()) city.showCase(opened(), false);
    whenGrid();
  }
  async function whenGrid() {
    const api = await window.dash_ag_grid.getApiAsync(GRID);
    api.addEventListener("selectionChanged", () => city.setProps("case-ticked", { data: api.getSelectedNodes().map(({ id }) => id) }));
    api.addEventListener("modelUpdated", () => city.tickDeadlines(box()));
    fit();
  }

  window.dash_clientside = Object.assign(window.dash_clientside ?? {}, { city_cases: { hearPulse, hearScope, takeNews } });
})();
