/* 随手拍: what one sees on the way, with a photo, its place and a few words, becomes a case. */
(() => {
  "use strict";
  const field = window.field;
  const { make, icon, say } = field;
  const fresh = () => ({ type: "", title: "", text: "", photos: [], pos: null });
  let draft = fresh();

  field.views.report = () => {
    if (!field.news.told?.may_report) return { top: top(), body: [field.empty(say("no_report"), say("no_report_hint"))], bottom: field.tabbar("report") };
    return { top: top(), body: [photos(), kind(), words(), where()], bottom: make("div.bottom", {}, dock(), field.tabbar("report")) };
  };

  const top = () => make("header.app-head", {},
    make("div.head-text", {}, make("h1", {}, say("report")), make("p.app-sub", {}, say("report_small"))), field.sync());

  function photos() {
    const shown = draft.photos.map((blob) => make("figure", {}, make("img", { src: field.pictureOf(blob), alt: say("photo") })));
    const add = field.camera("report", take, icon("photo", 24), make("b", {}, say("take_photo")), make("span", {}, say(draft.photos.length ? "one_more" : "may")));
    return make("section.entry", {}, make("h2.entry-name", {}, say("photo")), make("div.shots", {}, ...shown, add));
  }

  async function take(file) {
    const blob = await field.shrink(file, [field.stamp(field.now())]).catch(() => null);
    if (!blob) return field.toast(say("bad_photo"));
    draft.photos.push(blob);
    return field.draw();
  }

  /* what it is: the frequent ones as buttons, all of them by a word */

  function kind() {
    const types = field.news.types ?? [];
    const chosen = types.find((one) => one.code === draft.type);
    const near = [...types.filter((one) => one.is_frequent), ...(chosen && !chosen.is_frequent ? [chosen] : [])];
    const one = (type) => make(`button.opt${draft.type === type.code ? ".is-on" : ""}`, {
      type: "button", role: "radio", "aria-checked": String(draft.type === type.code), "data-type": type.code, click: () => choose(type.code),
    }, draft.type === type.code ? icon("check", 16) : null, make("span", {}, type.name));
    return make("section.entry", {}, make("h2.entry-name", {}, say("kind")),
      make("div.opts", { role: "radiogroup", "aria-label": say("kind") }, near.map(one), make("button.opt.is-more", { type: "button", click: () => allTypes(types) }, say("all_kinds"))));
  }

  function choose(code) {
    draft.type = code;
    field.draw();
  }

  function allTypes(types) {
    const list = make("div.choices");
    const fill = (asked) => list.replaceChildren(...types.filter((one) => one.name.toLowerCase().includes(asked.toLowerCase())).map((type) =>
      make("button.big", { type: "button", click: () => { sheet.close(); choose(type.code); } }, make("span", {}, type.name))));
    const search = make("input.text", { type: "search", placeholder: say("search_kind"), "aria-label": say("search_kind"), input: ({ target }) => fill(target.value) });
    const sheet = field.sheet(say("kind"), search, list);
    fill("");
  }

  /* words and place */

  function words() {
    const title = make("input.text", { maxlength: 60, placeholder: say("title_hint"), "aria-label": say("what"), "data-keep": "title", input: ({ target }) => { draft.title = target.value; redock(); } });
    const text = make("textarea.text", { rows: 2, maxlength: 500, placeholder: say("text_hint"), "aria-label": say("words"), "data-keep": "text", input: ({ target }) => { draft.text = target.value; } });
    title.value = draft.title;
    text.value = draft.text;
    return make("section.entry", {}, make("h2.entry-name", {}, say("what")), title, text);
  }

  // The phone's own fix; the map is moved under a cross where there is none, or it is wrong.
  function where() {
    const canvas = make("canvas.route-map", { tabindex: 0, role: "application", "aria-label": say("where") });
    const map = new field.FieldMap(canvas, true);
    const here = draft.pos ?? field.place.here() ?? field.news.told.unit?.pos ?? field.given.centre;
    map.show([{ pos: here, draw: () => {} }], []);
    map.onMove = (pos) => { draft.pos = pos; };
    const said = field.place.isGood() ? say("where_gps", { m: Math.round(field.place.accuracy_m) }) : say("where_hint");
    return make("section.entry", {}, make("h2.entry-name", {}, say("where"), make("span", {}, said)),
      make("div.pin-map", {}, canvas, make("i.cross", { "aria-hidden": "true" }), field.mapButtons(map)));
  }

  function dock() {
    const why = draft.type ? (draft.title.trim() ? "" : say("report_title")) : say("report_kind");
    return field.dock(why ? [icon("lock", 15), why] : null, field.button("report", say("send_report"), { kind: ".is-primary.is-tall", why, run: send }));
  }

  const redock = () => document.querySelector(".bottom .dock")?.replaceWith(dock());

  // The photos name the report by its key, so all of it can wait together.
  async function send() {
    const { photos: taken, text, ...rest } = draft;
    const pos = draft.pos ?? field.place.here() ?? field.news.told.unit?.pos ?? null;
    draft = fresh();
    const key = await field.act("report", { ...rest, title: rest.title.trim(), description: text.trim(), pos });
    for (const blob of taken) await field.act("photo", { of: key, slot: "before_photo", ...field.place.said() }, blob);
    field.toast(say(field.news.state === "offline" ? "kept" : "reported"));
    field.go("tasks");
  }
})();
