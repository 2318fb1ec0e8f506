/* Oneself: the unit one serves on, how the page looks, the way out; and the messages. */
(() => {
  "use strict";
  const field = window.field;
  const { make, icon, say } = field;
  let units = null;
  let searched = "";

  field.views.mine = () => {
    const { told } = field.news;
    return { top: make("header.app-head", {}, make("div.head-text", {}, make("h1", {}, say("mine")), make("p.app-sub", {}, told?.post ?? "")), field.sync()),
      body: [who(told), unit(told), look(), keeping(), out()], bottom: field.tabbar("mine") };
  };

  const who = (told) => make("section.entry", {}, make("h2.entry-name", {}, told?.name ?? ""), make("p.quiet", {}, [told?.post, told?.department].filter(Boolean).join(" · ")));

  /* the unit */

  function unit(told) {
    if (!told?.unit) return field.unitChooser();
    return make("section.entry", {}, make("h2.entry-name", {}, say("my_unit")),
      make("div.line", {}, make("span", {}, make("b", {}, told.unit.name), make("small", {}, told.unit.status)),
        make("button.mini", { type: "button", "data-act": "sign-off", click: () => serve(null) }, say("sign_off"))));
  }

  field.unitChooser = () => {
    if (!units) loadUnits();
    const list = make("div.choices");
    const fill = () => list.replaceChildren(...shown().map((one) =>
      make("button.big.unit", { type: "button", "data-unit": one.id, click: () => serve(one.id) }, make("span", {}, one.name), make("small", {}, one.status))));
    const search = make("input.text", { type: "search", value: searched, placeholder: say("search_unit"), "aria-label": say("search_unit"), "data-keep": "unit",
      input: ({ target }) => { searched = target.value; fill(); } });
    fill();
    return make("section.entry.is-units", {}, make("h2.entry-name", {}, say("choose_unit"), make("span", {}, say("choose_unit_hint"))),
      search, units?.length === 0 ? make("p.quiet", {}, say("no_units")) : list);
  };

  const shown = () => (units ?? []).filter((one) => `${one.name} ${one.id}`.toLowerCase().includes(searched.toLowerCase())).slice(0, 40);

  async function loadUnits() {
    units = [];
    const answer = await fetch("/api/v1/field/units", { headers: { "Accept-Language": field.lang } }).catch(() => null);
    units = answer?.ok ? (await answer.json()).items : null;
    if (units) field.draw();
    else setTimeout(() => field.draw(), 5000);
  }

  // Needs the network: two crews must not believe that they serve on one vehicle by mistake.
  async function serve(id) {
    const request = { method: id ? "POST" : "DELETE", headers: { "Content-Type": "application/json", "Accept-Language": field.lang }, body: id ? JSON.stringify({ unit: id }) : undefined };
    const answer = await fetch("/api/v1/field/unit", request).catch(() => null);
    if (!answer) return field.toast(say("needs_network"));
    if (!answer.ok) return field.toast((await answer.json().catch(() => ({}))).detail ?? say("not_done"));
    units = null;
    await field.news.ask();
    return field.go("tasks");
  }

  /* looks */

  function look() {
    const root = document.documentElement.dataset;
    const switched = (name, value, label) => make(`button.opt${value === chosen(name, root) ? ".is-on" : ""}`, {
      type: "button", "aria-pressed": String(value === chosen(name, root)), "data-look": value || "system", click: () => wear(name, value) }, label);
    return make("section.entry", {}, make("h2.entry-name", {}, say("look")),
      make("div.opts.is-three", {}, switched("theme", "", say("theme_system")), switched("theme", "light", say("theme_light")), switched("theme", "dark", say("theme_dark"))),
      make("div.opts", {}, switched("contrast", "", say("contrast_normal")), switched("contrast", "high", say("contrast_high"))),
      make("div.opts", {}, switched("lang", "zh", "中文"), switched("lang", "en", "English")));
  }

  const kept = (name) => document.cookie.match(`(?:^|; )city_${name}=(\\w+)`)?.[1] ?? "";
  const chosen = (name) => (name === "lang" ? field.lang : kept(name));

  function wear(name, value) {
    field.keep(name, value);
    if (name === "lang") return location.reload();
    field.dress();
    return field.draw();
  }

  function keeping() {
    const n = field.queue.waiting().length;
    return make("section.entry", {}, make("h2.entry-name", {}, say("on_phone")), make("p.quiet", {}, n ? say("on_phone_some", { n }) : say("on_phone_none")),
      make("p.quiet", {}, say("place_rule")));
  }

  const out = () => make("form.entry", { method: "post", action: "/logout", submit: leave },
    make("button.big.is-tall", { type: "submit" }, say("log_out")));

  // What waits stays for when this person is back; what he could see does not.
  function leave(event) {
    const n = field.queue.waiting().length;
    if (n && !confirm(say("log_out_waiting", { n }))) return event.preventDefault();
    return field.vault.forget();
  }

  /* messages: what came back, then what happened to one's orders */

  field.views.news = () => ({
    top: make("header.app-head", {}, make("div.head-text", {}, make("h1", {}, say("news")), make("p.app-sub", {}, say("news_small"))), field.sync()),
    body: [waitingBox(), ...field.queue.returned().map(returned), ...messages()], bottom: field.tabbar("news"),
  });

  function waitingBox() {
    const waiting = field.queue.waiting();
    if (!waiting.length) return null;
    return make("section.entry", {}, make("h2.entry-name", {}, say("waits_title"), make("span", {}, say("waits_hint"))),
      make("ol.waiting", {}, waiting.map((item) => make("li", { "data-action": item.action }, icon("upload", 16), make("span", {}, say(`did_${item.action}`)), make("time.num", {}, field.day(item.at))))));
  }

  function returned(item) {
    return make("article.note.is-returned", { role: "alert", "data-action": item.action }, icon("undo", 18),
      make("div", {}, make("b", {}, say("returned", { what: say(`did_${item.action}`) })), make("p", {}, item.reason), make("small.num", {}, field.day(item.at)),
        make("div.note-acts", {}, make("button.mini", { type: "button", click: () => field.queue.again(item) }, say("again")),
          make("button.mini", { type: "button", "data-act": "dismiss", click: () => field.queue.dismiss(item.id) }, say("dismiss")))));
  }

  function messages() {
    const found = field.news.told?.messages ?? [];
    if (!found.length && !field.queue.items.length) return [field.empty(say("no_news"), "")];
    return found.map((one) => make("article.message", {}, make("b", {}, one.title), make("p", {}, one.text), make("small.num", {}, field.day(field.ms(one.at)))));
  }
})();
