/* Forms of the page of cases: opened in place, sent as a whole, kept when they are refused. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const BEAT_MS = 8000;
  const CLEAR_MS = 30000;
  const here = () => document.querySelector(".main.cases");
  let formMove = "";
  const TEXTS = {
    "zh-CN": {
      unmask: "查看明文的理由（留痕）", unmaskUsual: ["回拨核实位置", "告知办理进展"], gone: "连接已断开，没有提交",
      merge: "并案的理由（留痕）", mergeUsual: ["同一事件，重复上报"], split: "不是同一事件的理由（留痕）", splitUsual: ["经核实不是同一事件"],
    },
    en: {
      unmask: "Reason to see it in clear (goes on record)", unmaskUsual: ["To call back about the place", "To tell how it goes"], gone: "No connection: nothing was sent",
      merge: "Reason to merge (goes on record)", mergeUsual: ["The same happening, reported twice"], split: "Why it is not the same (goes on record)", splitUsual: ["Not the same happening after all"],
    },
  };
  const text = (key) => TEXTS[city.lang()][key];

  // ---- opening and filling -----------------------------------------------------------------
  function openForm(move, bulk = false) {
    formMove = move;
    city.setProps("case-asked", { data: move ? { [bulk ? "bulk" : "move"]: move } : null });
    beat();
    if (move) whenThere(".move-form", (form) => (form.querySelector("select, textarea, input, button[type=submit]"))?.focus());
    else document.getElementById("case-panel")?.focus();
  }

  // Dash draws a little later.
  function whenThere(selector, act, tries = 60) {
    const found = document.querySelector(selector);
    if (found) act(found);
    else if (tries) setTimeout(whenThere, 50, selector, act, tries - 1);
  }

  const isAtOnce = (move) => ["accept", "sign", "co_sign", "send_verify", "send_check"].includes(move);

  function press(button) {
    const move = button.dataset.ask;
    if (isAtOnce(move)) send({ move, cases: city.openCase, versions: String(city.caseVersion ?? ""), fields: {} });
    else openForm(move);
  }

  function fillUsual(button) {
    const field = button.closest("form").querySelector("[name=reason]");
    const setter = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
    setter.call(field, button.dataset.usual);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  function toggleChoice(button) {
    button.setAttribute("aria-checked", String(button.getAttribute("aria-checked") !== "true"));
    button.querySelector(".checkbox").classList.toggle("is-on", button.getAttribute("aria-checked") === "true");
  }

  const PRESSED = {
    ask: (button) => press(button),
    bulk: (button) => openForm(button.dataset.bulk, true),
    usual: fillUsual,
    many: toggleChoice,
    unmask: (button) => askReason(button),
    relate: (button) => relate(button),
    focus: (button) => document.getElementById(button.dataset.focus)?.focus(),
  };
  document.addEventListener("click", ({ target }) => {
    const button = here() && target.closest?.("button");
    const name = button && Object.keys(PRESSED).find((one) => one in button.dataset);
    if (name) PRESSED[name](button);
  });

  // ---- sending -----------------------------------------------------------------------------
  function fieldsOf(form) {
    const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, typeof value === "string" ? value.trim() : ""]));
    for (const one of form.querySelectorAll("[data-many][aria-checked=true]")) (fields[one.dataset.many] ??= []).push(one.dataset.value);
    if (form.dataset.thing) fields.thing = form.dataset.thing;
    return fields;
  }

  function send(order) {
    if (city.live?.state === "lost") return city.toast(text("gone"));
    city.setProps("case-order", { data: { ...order, at: Date.now() } });
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.("form[data-move]");
    if (!here() || !form) return;
    event.preventDefault();
    const { move, cases, versions } = form.dataset;
    form.classList.add("is-sending");
    send({ move, cases, versions: form.dataset.version ?? versions ?? "", fields: fieldsOf(form), alarm: form.dataset.alarm ?? "" });
  });

  document.addEventListener("keydown", (press) => {
    const form = here() && press.target.closest?.("form[data-move]");
    if (form && press.key === "Escape" && form.matches(".move-form")) {
      press.preventDefault();
      return openForm("");
    }
    if (!form || press.key !== "Enter" || !(press.ctrlKey || press.metaKey)) return;
    press.preventDefault();
    form.requestSubmit();
  }, true);

  // ---- what became of it -------------------------------------------------------------------
  function settle(done) {
    if (!done) return window.dash_clientside.no_update;
    const form = document.querySelector(`form[data-move="${done.move}"]`);
    form?.classList.remove("is-sending");
    if (done.why) refuse(form, done);
    else if (form) finish(form, done);
    if (done.said) city.toast(done.said);
    if (done.open) city.showCase(done.open);
    return window.dash_clientside.no_update;
  }

  function refuse(form, { why, version, done }) {
    if (!form || done.length) return city.toast(why);
    const said = form.querySelector("#case-form-said, .form-said") ?? form.insertBefore(city.make("div", "form-said"), form.lastElementChild);
    said.replaceChildren(city.make("p", "notice is-late", why));
    if (version && !form.dataset.cases.includes(" ")) form.dataset.version = String(version);
    form.querySelector("textarea, select, input")?.focus();
  }

  function finish(form, { move }) {
    if (move === "comment") {
      form.reset();
      return document.getElementById("case-panel")?.focus();
    }
    if (move !== "create") openForm("");
    if (form.closest(".case-bulk")) city.caseGrid()?.deselectAll();
  }

  // ---- who else is here --------------------------------------------------------------------
  function beat() {
    if (!here()) return;
    const seen = document.visibilityState === "visible" && !city.openCase.startsWith("new");
    city.setProps("case-beat", { data: { case: seen ? city.openCase : "", move: formMove, at: Date.now() } });
  }
  setInterval(() => city.openCase && document.visibilityState === "visible" && beat(), BEAT_MS);
  document.addEventListener("visibilitychange", beat);
  city.on("case", () => { formMove = ""; beat(); });

  function learnVersion(shown) {
    if (shown) city.caseVersion = shown.version;
    return window.dash_clientside.no_update;
  }

  // ---- personal data in clear, for a moment -------------------------------------------------
  function askReason(button) {
    city.askLine(text("unmask"), (reason) => city.setProps("case-unmask", { data: { case: button.dataset.unmask, reason, at: Date.now() } }), { usual: text("unmaskUsual") });
  }

  // ---- what tells of the same happening ------------------------------------------------------
  function relate({ dataset }) {
    const { relate: deed, event, other } = dataset;
    city.askLine(text(deed), (reason) => city.setProps("case-relate", { data: { deed, event, other, reason, at: Date.now() } }), { usual: text(`${deed}Usual`) });
  }

  function showClear(told) {
    const field = document.querySelector(".case-reporter");
    if (!told || !field || told.case !== city.openCase) return window.dash_clientside.no_update;
    const masked = field.textContent;
    field.textContent = [told.name, told.phone].filter(Boolean).join(" ");
    field.classList.add("is-clear");
    setTimeout(() => {
      field.textContent = masked;
      field.classList.remove("is-clear");
      city.setProps("case-unmasked", { data: null });
    }, CLEAR_MS);
    return window.dash_clientside.no_update;
  }

  // ---- focus is never lost -----------------------------------------------------------------
  let last = null;
  document.addEventListener("focusin", ({ target }) => {
    const row = target.closest?.(".ag-row")?.getAttribute("row-id");
    last = { element: target, row, key: target.dataset?.key, id: target.id, region: target.closest?.("[data-region]") };
  });
  document.addEventListener("pointerdown", () => (last = null));
  function findFocus() {
    if (!here() || !last || document.activeElement !== document.body || (last.element.isConnected && !last.row)) return;
    if (last.row && document.querySelector(`[row-id="${CSS.escape(last.row)}"]`)) return city.focusRow(last.row);
    const again = (last.id && document.getElementById(last.id)) || (last.key && document.querySelector(`[data-key="${CSS.escape(last.key)}"]`));
    (again || (last.region?.isConnected ? last.region : null))?.focus();
  }
  new MutationObserver(city.later(30, findFocus)).observe(document.documentElement, { childList: true, subtree: true });

  window.dash_clientside = Object.assign(window.dash_clientside ?? {}, { city_case_forms: { settle, learnVersion, showClear } });
})();
