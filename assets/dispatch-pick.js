/* The right column of dispatch: orders under way, ranked units, tasks of the plan, and the button that sends. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const { createElement: make, Fragment, useEffect, useState } = window.React;
  const FEW = 4;
  const state = city.dispatch;
  const cap = (key) => make("kbd", { className: "keycap", "aria-hidden": true }, key);
  const icon = (name) => make("span", { className: `icon is-${name}`, "aria-hidden": true });

  const PanelHead = (city.PanelHead = ({ title, small, children }) =>
    make("div", { className: "panel-head" }, make("h2", { className: "panel-title" }, title, make("small", {}, small)),
      make("span", { className: "spacer" }), children));

  /* Candidates. */
  function Bar({ bar }) {
    return make("span", { className: "why-bar" }, make("span", {}, bar.label),
      make("span", { className: "meter", role: "img", "aria-label": `${bar.label} ${bar.share} %` }, make("i", { style: { width: `${bar.share}%` } })));
  }

  function Candidate({ row, number }) {
    const isOn = state.chosen.includes(row.unit);
    const plain = row.why.length - row.caveats;
    return make("li", { className: `candidate${isOn ? " is-on" : ""}`, role: "option", "aria-selected": isOn, tabIndex: number === 1 ? 0 : -1,
      draggable: true, "data-candidate": row.unit, "aria-keyshortcuts": String(number) },
      make("div", { className: "cand-key" }, number < 10 ? cap(String(number)) : null, make("span", { className: `checkbox${isOn ? " is-on" : ""}` })),
      make("div", { className: "cand-main" },
        make("div", { className: "cand-line" }, make("b", { className: "cand-name" }, row.name), make("span", { className: "meta clip" }, row.what)),
        make("div", { className: "meta clip" }, row.org),
        make("ul", { className: "why" }, row.why.map((text, k) => make("li", { key: k, className: k >= plain ? "is-caveat" : "" }, text)))),
      make("div", { className: "cand-eta" },
        make("div", { className: "num" }, make("b", {}, row.eta), " ", row.etaUnit), make("div", { className: "meta num" }, row.distance),
        row.bars.map((bar) => make(Bar, { key: bar.label, bar }))));
  }

  function Nothing({ data }) {
    const [text, ...hints] = data.none;
    return make("div", { className: "empty" }, make("strong", {}, text ?? data.texts.no_unit), hints.map((hint) => make("span", { key: hint }, hint)), make(WhatIf, { data }));
  }

  const WHAT_IF = ["widen", "any_skill", "open_roads"];
  function WhatIf({ data }) {
    return make("div", { className: "what-if", role: "group", "aria-label": data.texts.what_if }, make("span", { className: "meta" }, data.texts.what_if),
      WHAT_IF.map((name) => make("button", { key: name, type: "button", className: "chip", "data-what-if": name,
        "aria-pressed": data.whatIf.includes(name) }, data.texts[name])));
  }

  function LeftOut({ data }) {
    const [isOpen, open] = useState(false);
    if (!data.leftOut.text) return null;
    return make("details", { className: "left-out", open: isOpen, onToggle: (event) => open(event.currentTarget.open) },
      make("summary", { className: "clip", title: data.leftOut.text }, data.leftOut.text),
      isOpen ? make(WhatIf, { data }) : null,
      isOpen ? make("ul", {}, data.leftOut.rows.map(([unit, , text]) => make("li", { key: unit, "data-left-out": unit }, make("b", {}, unit.split("/").at(-1)), make("span", {}, text)))) : null);
  }

  // The first few, what is ticked, and all of them when asked; a digit of a hidden one shows them.
  function Rows({ rows, texts }) {
    const seen = rows.map((row, k) => [row, k + 1]).filter(([row, number]) => state.allRows || number <= FEW || state.chosen.includes(row.unit));
    const more = rows.length - seen.length;
    return make(Fragment, {}, make("ul", { className: "candidates", role: "listbox", "aria-multiselectable": true, "aria-label": texts.pick },
      seen.map(([row, number]) => make(Candidate, { key: row.unit, row, number }))),
    more ? make("button", { type: "button", className: "more-rows", "data-all-rows": 1 }, texts.more_rows.replace("{n}", more)) : null);
  }

  function Ranked({ data }) {
    const title = data.head ? make("span", { className: "meta num", title: data.rules }, state.isComputing?.() ? data.texts.computing : data.computed) : null;
    return make("section", { className: "ranked", "aria-label": data.texts.pick }, make(PanelHead, { title: data.texts.pick, small: data.texts.pick_small }, title),
      data.notice ? make("p", { className: "notice is-late", role: "status" }, data.notice) : null,
      data.rows.length ? make(Rows, { rows: data.rows, texts: data.texts }) : make(Nothing, { data }),
      make("div", { className: "pick-line" }, make(LeftOut, { data })));
  }

  /* Orders under way. */
  function Order({ order, texts }) {
    const timer = order.answerBy
      ? make("span", { className: "num", "data-answer-by": order.answerBy }, city.countdown(order.answerBy))
      : order.since ? make("span", { className: "num", "data-wait-since": order.since }, city.spanText((city.now() - order.since) / 1000)) : null;
    return make("li", { className: `order-row ${order.state}`, "data-order": order.id },
      make("div", { className: "order-line" }, make("i", { className: "glyph" }, order.glyph), make("b", {}, order.name),
        make("span", { className: "clip" }, order.said), make("span", { className: "spacer" }), timer),
      order.how ? make("div", { className: "meta clip" }, order.how) : null,
      order.moves.length ? make("div", { className: "order-moves" }, order.moves.map(([move, label]) =>
        make("button", { key: move, type: "button", className: "button is-small", "data-order-move": move, title: texts[move] ?? label }, label))) : null);
  }

  function Orders({ data }) {
    if (!data.orders.length) return null;
    return make("section", { className: "orders", "aria-label": data.texts.orders },
      make(PanelHead, { title: data.texts.orders, small: data.texts.orders_small }, make("span", { className: "meta num" }, data.orders.length)),
      make("ul", {}, data.orders.map((order) => make(Order, { key: order.id, order, texts: data.texts }))));
  }

  function Cameras({ data }) {
    if (!data.cameras.length) return null;
    return make("section", { className: "near-cameras", "aria-label": data.texts.cameras }, make("div", { className: "section-label" }, data.texts.cameras),
      make("ul", {}, data.cameras.map((one) => make("li", { key: one.id }, icon("source-camera"), make("span", { className: "clip" }, one.name), make("span", { className: "meta num" }, one.distance),
        one.href ? make("a", { href: one.href, target: "_blank", rel: "noreferrer", className: "button is-small" }, data.texts.camera_open) : null))));
  }

  function Resources({ data }) {
    if (!data.resources.length) return null;
    return make("section", { className: "near-cameras near-resources", "aria-label": data.texts.resources }, make("div", { className: "section-label" }, data.texts.resources),
      make("ul", {}, data.resources.map((one) => make("li", { key: one.id, title: [one.what, one.said].filter(Boolean).join(" · ") }, make("span", { className: "clip" }, one.name, one.what ? make("span", { className: "meta" }, ` ${one.what}`) : null),
        make("span", { className: one.isReady ? "meta" : "meta is-late" }, one.use), make("span", { className: "num" }, one.eta)))));
  }

  function Closures({ texts }) {
    if (!state.closed?.length) return null;
    return make("section", { className: "near-cameras", "aria-label": texts.closures }, make("div", { className: "section-label" }, texts.closures),
      make("ul", {}, state.closed.map((one) => make("li", { key: one.id }, icon("tool-close_road"), make("span", { className: "clip", title: one.said }, one.said), make("span", { className: "meta num" }, one.until),
        one.may ? make("button", { type: "button", className: "button is-small", "data-open-road": one.id }, texts.lift) : null))));
  }

  function Notes({ data }) {
    if (!data.head) return null;
    return make("section", { className: "radio", "aria-label": data.texts.notes }, make("div", { className: "section-label" }, data.texts.notes),
      make("form", { className: "radio-form", "data-radio": 1 }, make("input", { name: "text", className: "text-input", maxLength: 400, placeholder: data.texts.note_field, "aria-label": data.texts.note_field, autoComplete: "off" }),
        make("button", { className: "button is-small" }, data.texts.note_add)),
      make("ol", { className: "radio-list" }, data.notes.map(([at, who, text], k) => make("li", { key: `${at}${k}` }, make("span", { className: "num meta" }, at), make("span", {}, make("b", {}, who), " ", text)))));
  }

  function Joint({ data }) {
    if (!data.joint.length) return null;
    return make("section", { className: "joint", "aria-label": data.texts.joint }, make(PanelHead, { title: data.texts.joint, small: "" }, make("span", { className: "meta num" }, data.joint[0].gain)),
      make("ul", {}, data.joint.map((one) => make("li", { key: one.case }, make("span", { className: "clip" }, one.title), make("b", {}, one.name), make("span", { className: "num" }, one.eta)))),
      make("div", { className: "joint-foot" }, make("button", { type: "button", className: "button is-small", "data-joint-take": 1 }, data.texts.joint_take)));
  }

  /* What will happen, said before it does. */
  function Send({ data }) {
    const { head, texts } = data;
    if (!head) return null;
    if (!head.can) return make("div", { className: "send" }, make("p", { className: "meta" }, head.whyNot));
    const [n, k] = [state.chosen.length, Object.keys(state.tasks).length];
    const text = state.sending ? texts.sending : !n ? texts.send : k ? texts.send_tasks : texts.send_units;
    const label = text.replace("{n}", n).replace("{k}", k);
    return make("div", { className: "send" }, make("div", { className: "send-note" }, icon("source-public"), make("span", {}, texts.sendNote)),
      make("button", { type: "button", className: "button is-primary is-large", disabled: !n || Boolean(state.sending), "data-send": "all", "aria-keyshortcuts": "Control+Enter" },
        icon("dispatch"), make("span", {}, label), make("span", { className: "spacer" }), cap("Ctrl"), cap("↵")),
      make("div", { className: "send-line" },
        make("button", { type: "button", className: "button is-small", disabled: !n || Boolean(state.sending), "data-send": "lead" }, texts.send_lead),
        make("button", { type: "button", className: "button is-small", disabled: !head.canReturn, "data-send": "return" }, texts.return, " ", cap("T")),
        make("span", { className: "spacer" }), make("span", { className: "meta" }, texts.undo_hint)));
  }

  function Undo() {
    const { undo } = state;
    if (!undo) return null;
    const left = Math.max(0, Math.ceil((undo.until - Date.now()) / 1000));
    return make("div", { className: "undo-bar", role: "status" }, make("span", { className: "clip" }, undo.said), make("span", { className: "spacer" }),
      make("span", { className: "num meta" }, `${left} s`), make("button", { type: "button", className: "button is-small", "data-undo": 1 }, state.words("undo"), cap("Z")));
  }

  function PickPanel({ id, data }) {
    city.useDispatch();
    useEffect(() => { if (data) window.dash_clientside.city_dispatch.hearPick(data); }, [data]);
    const seen = state.pick ?? data;
    const waits = state.open && seen.head?.id !== state.open && !seen.empty.length;
    if (!seen.head || waits) return make("div", { id, className: "pick-body is-bare" }, make(PanelHead, { title: seen.texts.pick, small: seen.texts.pick_small }),
      state.open && !(seen.empty[0] && seen.head === null && seen !== data && seen.missing)
        ? make("div", { className: "is-loading", "aria-busy": true }, [0, 1, 2].map((n) => make("div", { key: n, className: "skeleton cand-skeleton" })))
        : make("div", { className: "empty" }, make("strong", {}, seen.empty[0]), make("span", {}, seen.empty[1])));
    return make("div", { id, className: "pick-body" },
      make("div", { className: "pick-scroll", tabIndex: -1 }, make(Orders, { data: seen }), make(Joint, { data: seen }), make(Ranked, { data: seen }), make(city.DispatchTasks, { data: seen }), make(Closures, { texts: seen.texts }), make(Resources, { data: seen }), make(Cameras, { data: seen }), make(Notes, { data: seen })),
      make(Undo), make(Send, { data: seen }));
  }

  window.city_dispatch = Object.assign(window.city_dispatch ?? {}, { PickPanel });
})();
