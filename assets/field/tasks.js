/* The list: the offer with its timer, then what is in hand, what came back, what is done. */
(() => {
  "use strict";
  const field = window.field;
  const { make, icon, say } = field;
  const REASONS = ["vehicle", "far", "busy", "blocked", "skill", "other"];
  let tab = "open";

  field.views.tasks = () => {
    const { told } = field.news;
    if (told && !told.unit) return { top: top(), body: [field.unitChooser()], bottom: field.tabbar("tasks") };
    const orders = field.news.orders();
    const offers = orders.filter(field.news.isOffered);
    return { top: top(), body: [seatOver(), away(), ...offers.map(offer), tabs(orders), ...rows(orders)], bottom: field.tabbar("tasks") };
  };

  function top() {
    const { told } = field.news;
    const who = told ? [told.unit?.name, told.name].filter(Boolean).join(" · ") : "";
    return make("header.app-head", {},
      make("div.head-text", {}, make("h1", {}, say("title")), make("p.app-sub.clip", {}, who)), field.mode(), field.sync());
  }

  field.mode = () => {
    const mode = field.news.told?.mode;
    return mode ? make("span.mode", {}, icon("alert", 14), mode) : null;
  };

  function seatOver() {
    if (field.news.state !== "seat") return null;
    const back = `/login?next=${encodeURIComponent("/m")}`;
    return make("div.note", { role: "alert" }, icon("lock", 18),
      make("div", {}, make("p", {}, say("seat_over_hint", { n: field.queue.waiting().length })), make("a.big.is-primary", { href: back }, say("log_in"))));
  }

  function away() {
    const { state, heard_ms, told } = field.news;
    return state === "offline" && told ? make("p.away", {}, icon("link-off", 18), say("away_note", { time: field.clock(heard_ms) })) : null;
  }

  /* the offer */

  function offer(order) {
    const until = field.ms(order.answer_by);
    const asked_ms = Math.max(1, until - field.ms(order.sent_at));
    const late = order.state === "unanswered";
    return make(`article.offer.is-level-${order.severity}`, { "data-order": order.id, "aria-label": say("offer") },
      make("div.offer-head", {}, field.level(order.severity, 24), make("b", {}, `${say(late ? "offer_late" : "offer")} · ${say(`level_${order.severity}`)}`),
        make("span.spacer"), make("span.offer-timer.num", { "data-until": until, "data-late": say("late"), "data-near": 15000 }, "")),
      make("div.offer-bar", {}, make("i", { "data-share-of": asked_ms, "data-share-until": until })),
      make("h2", {}, order.title), make("p", {}, order.place), field.reading(order),
      order.note ? make("p.offer-note", {}, order.note) : null,
      offerFacts(order),
      field.answers(order));
  }

  function offerFacts(order) {
    const { route } = order;
    const way = route ? `${field.minutes(route.eta_s)} · ${field.metres(route.distance_m)}` : say("unknown");
    const facts = [[route && !route.by_road ? "straight" : "by_road", way], ["part", order.part || say(order.role || "lead")],
      order.arrive_by ? ["arrive_before", field.clock(field.ms(order.arrive_by))] : null];
    return make("dl.offer-facts", {}, facts.filter(Boolean).map(([name, value]) =>
      make("div", {}, make("dt", {}, say(name)), make("dd.num", {}, value))));
  }

  // Yes, twice as wide as no.
  field.answers = (order) => make("div.offer-actions", {},
    field.button("accept", say("accept"), { kind: ".is-primary", run: () => accept(order) }),
    field.button("refuse", say("refuse"), { run: () => refuse(order) }));

  async function accept(order) {
    await field.act("accept", { order: order.id, ...field.place.said() });
    field.go(`task/${order.id}`);
  }

  function refuse(order) {
    const names = REASONS.map((name) => [name, say(`reason_${name}`)]);
    field.choices(say("refuse_title"), names, (name, label) =>
      name === "other" ? field.ask(say("refuse_title"), say("refuse_hint"), (text) => sayNo(order, text)) : sayNo(order, label));
  }

  const sayNo = (order, reason) => field.act("refuse", { order: order.id, reason });

  // One line of one's own words.
  field.ask = (title, hint, answer) => {
    const text = make("textarea.text", { rows: 3, maxlength: 200, placeholder: hint, "aria-label": hint });
    const send = make("button.big.is-primary.is-tall", { type: "button", "data-act": "send", click: () => {
      if (!text.value.trim()) return text.focus();
      sheet.close();
      return answer(text.value.trim());
    } }, say("send"));
    const sheet = field.sheet(title, text, send);
    text.focus();
  };

  /* the rows */

  const TABS = {
    open: (order) => field.news.isActive(order),
    back: (order) => Boolean(order.returned),
    done: (order) => field.news.isOver(order) && !order.returned,
  };

  function tabs(orders) {
    const one = (name) => make("button.seg-item", {
      type: "button", role: "tab", "aria-selected": String(tab === name), "data-tab": name,
      click: () => { tab = name; field.draw(); },
    }, say(`tab_${name}`), make("b.num", {}, String(orders.filter(TABS[name]).length)));
    return make("div.seg", { role: "tablist" }, Object.keys(TABS).map(one));
  }

  function rows(orders) {
    const found = orders.filter(TABS[tab]);
    if (!field.news.told) return [field.empty(say(field.news.state === "asking" ? "asking" : "nothing_known"), say("nothing_known_hint"))];
    if (!found.length) return [field.empty(say(`none_${tab}`), tab === "open" ? say("none_open_hint") : "")];
    return found.map(row);
  }

  function row(order) {
    const away = field.place.to(order.pos) ?? order.route?.distance_m;
    const meta = make("div.task-meta", {},
      away ? make("span.num", {}, icon("nav", 14), field.metres(away)) : null,
      field.news.isOver(order) ? make("span.num", {}, field.day(field.ms(order.ended_at ?? order.sent_at))) : field.left(order),
      order.waits ? make("span.waits", {}, icon("upload", 14), say("waiting", { n: order.waits })) : null,
      make("span.tag", {}, say(`state_${order.state}`)));
    const back = order.returned;
    return make(`a.task${back ? ".is-return" : ""}`, { href: `#${back ? "feedback" : "task"}/${order.id}`, "data-order": order.id },
      back ? icon("undo") : field.level(order.severity),
      make("div.task-main", {}, make("div.task-title", {}, order.title),
        make("div.task-place", {}, back ? `${say("came_back")} ${back.reason || say("no_reason")}` : order.place), back ? null : meta),
      icon("right", 18));
  }
})();
