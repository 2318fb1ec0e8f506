/* The pieces that several views are made of: heads, docks, steps, clocks, rows, sheets, toasts. */
(() => {
  "use strict";
  const field = window.field;
  const { make, icon, say } = field;
  const TOAST_MS = 4000;

  /* The state of the line: how many wait, since when one is without news. */

  field.sync = (isShort = false) => {
    const { state, heard_ms } = field.news;
    const waits = field.queue.waiting().length;
    const isOff = state === "offline" || state === "seat";
    const name = state === "seat" ? "seat_over" : isOff ? "offline" : waits ? "sending" : state === "asking" ? "asking" : "synced";
    const word = say(name, { time: field.clock(heard_ms || field.now()) });
    const said = isShort && name === "synced" ? field.clock(heard_ms) : word;
    const count = waits ? ` · ${say("waiting", { n: waits })}` : "";
    const box = make(isOff || waits ? "button.sync.is-off" : "button.sync", { type: "button", "data-sync": name, "data-waiting": waits, "aria-label": word + count, click: () => field.go("news") },
      icon(isOff ? "link-off" : "link", 14), make("span.num", {}, said + count));
    return box;
  };

  field.pageHead = (title, small, ...right) =>
    make("header.app-head.is-page", {},
      make("button.app-button", { type: "button", "aria-label": say("back"), click: () => field.back() }, icon("left")),
      make("div.head-text", {}, make("h1.clip", {}, title), small ? make("p.app-sub.num.clip", {}, small) : null),
      ...right);

  field.button = (act, label, { glyph = "", kind = "", why = "", run } = {}) =>
    make(`button.big${kind}${why ? ".is-blocked" : ""}`, {
      type: "button", "data-act": act, "aria-disabled": why ? "true" : false, title: why || null,
      click: () => (why ? field.toast(why) : run()),
    }, glyph ? icon(glyph, 20) : null, make("span", {}, label));

  field.dock = (line, primary, ...others) =>
    make("footer.dock", {}, line ? make("p", {}, ...line) : null, primary,
      others.length ? make("div.dock-row", {}, ...others) : null);

  /* The four steps of a task. */

  const STEP = { accepted: 1, en_route: 1, on_scene: 2, done: 4 };
  field.steps = (order) => {
    const hasPhotos = field.lacking(order).length === 0;
    const now = order.state === "on_scene" && hasPhotos ? 3 : STEP[order.state] ?? 0;
    const names = ["accept", "arrive", "photo", "finish"];
    return make("ol.steps", {}, names.map((name, place) => {
      const state = place < now ? "is-done" : place === now ? "is-now" : "is-next";
      return make(`li.${state}`, { "aria-current": place === now ? "step" : false },
        make("span", {}, place < now ? icon("check", 14) : String(place + 1)), make("b", {}, say(`step_${name}`)));
    }));
  };

  field.lacking = (order) => order.slots.filter((one) => one.is_needed && !one.photos.length);

  field.clocks = (order) => {
    const both = [["arrive", order.arrived_at ? null : order.arrive_by], ["handle", order.due_at]].filter(([, until]) => until);
    if (!both.length || field.news.isOver(order)) return null;
    return make(`div.clocks${both.length < 2 ? ".is-one" : ""}`, {}, both.map(([name, until]) =>
      make("div", { "data-clock": "" }, make("span", {}, say(`limit_${name}`)),
        make("b.num", { "data-until": field.ms(until), "data-near": 600000, "data-late": `+{t}` }, "--:--"))));
  };

  field.reading = ({ reading }) => {
    if (!reading) return null;
    return make("p.num", {}, `${reading.name} ${reading.value} ${reading.unit} · ${field.age(field.ms(reading.at))}`);
  };

  field.left = (order) => {
    if (!order.due_at) return null;
    return make("span.left.num", { "data-clock": "" }, icon("clock", 14),
      make("span", { "data-until": field.ms(order.due_at), "data-left": say("left"), "data-late": say("late"), "data-near": 600000 }, ""));
  };

  /* A sheet from below: choices, or a question. Escape, the veil and the button close it. */

  field.sheet = (title, ...inside) => {
    const sheet = make("dialog.sheet", { "aria-label": title });
    const close = make("button.app-button", { type: "button", "aria-label": say("close"), click: () => sheet.close() }, icon("close"));
    sheet.append(make("header.sheet-head", {}, make("h2", {}, title), close), ...inside);
    sheet.addEventListener("click", ({ target }) => target === sheet && sheet.close());
    sheet.addEventListener("close", () => sheet.remove());
    document.body.append(sheet);
    sheet.showModal();
    return sheet;
  };

  field.choices = (title, names, choose) => {
    const sheet = field.sheet(title, make("div.choices", {}, names.map(([name, label]) =>
      make("button.big", { type: "button", "data-choice": name, click: () => { sheet.close(); choose(name, label); } }, label))));
    return sheet;
  };

  let hiding = 0;
  field.toast = (said) => {
    const box = document.getElementById("toast");
    box.textContent = said;
    box.hidden = false;
    clearTimeout(hiding);
    hiding = setTimeout(() => { box.hidden = true; }, TOAST_MS);
  };

  field.empty = (title, hint, ...more) =>
    make("div.empty", {}, make("strong", {}, title), hint ? make("p", {}, hint) : null, ...more);
})();
