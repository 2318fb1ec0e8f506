/* One task: what and where, four steps, two clocks, the way, what to mind; one big button, the next step. */
(() => {
  "use strict";
  const field = window.field;
  const { make, icon, say } = field;
  const PROOF = "arrival";

  field.views.task = (id) => {
    const order = field.news.order(id);
    if (!order) return gone();
    const call = make("button.app-button", { type: "button", "aria-label": say("dispatcher"), click: () => partners(order) }, icon("people"));
    return {
      top: field.pageHead(order.place || order.title, order.case, field.sync(true), call),
      body: [hero(order), field.steps(order), field.clocks(order), way(order), ...minds(order), facts(order), ...ending(order)],
      bottom: dock(order),
    };
  };

  function gone() {
    return { top: field.pageHead(say("task"), "", field.sync(true)), body: [field.empty(say("task_gone"), say("task_gone_hint"))], bottom: field.tabbar("tasks") };
  }

  function hero(order) {
    return make("section.hero", {}, field.level(order.severity, 30),
      make("div", {}, make("h2", {}, order.title), field.reading(order) ?? make("p", {}, order.type)));
  }

  function way(order) {
    if (!order.pos || field.news.isOver(order)) return null;
    const canvas = make("canvas.route-map", { "aria-label": say("route_map"), role: "img", click: () => field.go(`way/${order.id}`) });
    field.drawWay(canvas, order, false);
    const { route } = order;
    const told = route ? [make("b.num", {}, field.minutes(route.eta_s)), ` · ${field.metres(route.distance_m)}`,
      route.by_road ? "" : ` · ${say("straight")}`, route.avoided ? ` · ${say("avoiding", { n: route.avoided })}` : ""] : [say("no_route")];
    return make("section.route", {}, canvas, make("div.route-foot", {}, make("span.clip", {}, ...told),
      make("button.mini", { type: "button", "data-act": "map", click: () => field.go(`way/${order.id}`) }, icon("map", 18), say("large_map"))));
  }

  function minds(order) {
    if (field.news.isOver(order)) return [];
    return order.minds.slice(0, 4).map((text, place) =>
      make(`div.note${place ? ".is-next" : ""}`, {}, icon(place ? "check" : "alert", 18), make("p", {}, text)));
  }

  function facts(order) {
    const told = [["note", order.note], ["part", order.part], ["partners", order.partners.map((one) => `${one.name} ${one.state}`).join(" · ")],
      ["by", order.by], ["description", order.description]].filter(([, value]) => value);
    return make("dl.plain", {}, told.map(([name, value]) => make("div", {}, make("dt", {}, say(name)), make("dd", {}, value))));
  }

  function partners(order) {
    const rows = [[say("by"), order.by], ...order.partners.map((one) => [one.name, one.state])];
    field.sheet(say("who"), make("dl.plain", {}, rows.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value)))));
  }

  function ending(order) {
    if (!field.news.isOver(order)) return [];
    return [field.empty(say(`state_${order.state}`), order.end_reason || say(`ended_${order.state}`))];
  }

  /* the dock: only the next step is large */

  function dock(order) {
    if (field.news.isOffered(order)) return field.dock(answerLine(order), field.answers(order));
    if (field.news.isOver(order)) return field.tabbar("tasks");
    return order.state === "on_scene" ? onScene(order) : onTheWay(order);
  }

  const answerLine = (order) => [say("answer_within"), make("b.num", { "data-until": field.ms(order.answer_by), "data-late": say("late") }, "")];

  function onScene(order) {
    const lacks = field.lacking(order);
    const line = lacks.length ? [icon("photo", 15), say("lacks", { names: lacks.map((one) => one.name).join("、") })] : [icon("check", 15), say("has_all")];
    return field.dock(line,
      field.button("feedback", say(lacks.length ? "to_photos" : "to_finish"), { glyph: "photo", kind: ".is-primary.is-tall", run: () => field.go(`feedback/${order.id}`) }),
      help(order), extra(order));
  }

  function onTheWay(order) {
    const away = field.place.to(order.pos);
    const within = field.news.told.arrive_within_m;
    const isHere = away !== null && field.place.isGood() && away <= within;
    const go = field.button("depart", say(order.state === "en_route" ? "go_on" : "depart"), { glyph: "nav", kind: isHere ? "" : ".is-primary.is-tall", run: () => depart(order) });
    const here = arriveButton(order, { away, within, isHere });
    return isHere ? field.dock(distanceLine(away, within), here, go, help(order)) : field.dock(distanceLine(away, within), go, here, help(order));
  }

  function distanceLine(away, within) {
    if (away === null) return [icon("pin", 15), say(field.place.trouble === "denied" ? "gps_denied" : "gps_none")];
    if (!field.place.isGood()) return [icon("pin", 15), say("gps_poor", { m: Math.round(field.place.accuracy_m) })];
    if (away <= within) return [icon("pin", 15), say("you_are_here", { m: Math.round(away) })];
    return [say("away_from"), make("b.num", {}, field.metres(away)), `· ${say("within", { m: within })}`];
  }

  // Near by a good fix: one press. Without a good fix: by a photo, and marked so. Far away: not at all.
  function arriveButton(order, { away, within, isHere }) {
    const kind = isHere ? ".is-primary.is-tall" : "";
    if (isHere) return field.button("arrive", say("arrive"), { glyph: "pin", kind, run: () => arrive(order) });
    if (field.place.isGood()) return field.button("arrive", say("arrive"), { glyph: "pin", why: say("too_far", { m: Math.round(away), within }) });
    return field.camera(PROOF, (file) => arriveByPhoto(order, file), make("span.big", { "data-act": "arrive-photo" }, icon("photo", 20), say("arrive_photo")));
  }

  async function depart(order) {
    if (order.state === "accepted") await field.act("depart", { order: order.id, ...field.place.said() });
    field.go(`way/${order.id}`);
  }

  async function arrive(order) {
    await field.act("arrive", { order: order.id, ...field.place.said() });
    field.toast(say("arrived"));
  }

  async function arriveByPhoto(order, file) {
    await field.takePhoto(order, PROOF, file);
    await field.act("arrive", { order: order.id, is_manual: true, ...field.place.said() });
    field.toast(say("arrived_manual"));
  }

  const help = (order) => field.button("help", say("help"), { glyph: "people", run: () =>
    field.ask(say("help"), say("help_hint"), (text) => field.act("help", { order: order.id, text }).then(() => field.toast(say("help_sent")))) });

  const extra = (order) => field.button("map", say("large_map"), { glyph: "map", run: () => field.go(`way/${order.id}`) });
})();
