/* The way on the map: in a task as a picture, as a page of its own under the finger; all tasks at once. */
(() => {
  "use strict";
  const field = window.field;
  const { make, icon, say } = field;
  const FRESH_MS = 120000;
  let open = null;

  // Where one is: the phone's own fix, else the unit's.
  const start = () => field.place.here() ?? field.news.told?.unit?.pos ?? null;

  field.drawWay = (canvas, order, isFree) => {
    open?.canvas.isConnected || open?.close();
    const map = (open = new field.FieldMap(canvas, isFree));
    paint(map, order);
    return map;
  };

  function paint(map, order) {
    const here = start();
    const marks = [order.pos && field.caseMark(order), here && field.dotMark(here, "--accent-fill", far(here, order.pos))].filter(Boolean);
    map.show(marks, waysTo(order, here));
  }

  // A fix from another city does not pull the map away from the case.
  const far = (here, pos) => Boolean(pos && field.between(here, pos) > 60000);

  function waysTo({ route, pos }, here) {
    if (route) return [{ points: route.points, isStraight: !route.by_road }];
    return here && pos && !far(here, pos) ? [{ points: [here, pos], isStraight: true }] : [];
  }

  field.views.way = (id) => {
    const order = field.news.order(id);
    if (!order) return field.views.task(id);
    const canvas = make("canvas.full-map", { tabindex: 0, role: "application", "aria-label": say("route_map") });
    const map = field.drawWay(canvas, order, true);
    const { route } = order;
    const away = field.place.to(order.pos);
    const line = [route ? make("b.num", {}, field.minutes(route.eta_s)) : null, route ? `· ${field.metres(route.distance_m)}` : null,
      away === null ? null : `· ${say("away_straight", { distance: field.metres(away) })}`];
    return {
      top: field.pageHead(order.place || order.title, order.case, field.sync(true)),
      body: [make("div.map-box", {}, canvas, field.mapButtons(map), stale(route))],
      isMap: true, refresh: () => paint(map, field.news.order(id) ?? order),
      bottom: field.dock(line.some(Boolean) ? line : [say("no_route")],
        field.button("task", say("to_task"), { glyph: "cases", kind: ".is-primary.is-tall", run: () => field.go(`task/${order.id}`) })),
    };
  };

  function stale(route) {
    const age_ms = route ? field.now() - field.ms(route.at) : 0;
    return age_ms > FRESH_MS ? make("p.map-note", {}, say("route_old", { time: field.clock(field.ms(route.at)) })) : null;
  }

  field.views.map = () => {
    const orders = field.news.orders().filter((one) => one.pos && !field.news.isOver(one));
    const canvas = make("canvas.full-map", { tabindex: 0, role: "application", "aria-label": say("map") });
    const map = new field.FieldMap(canvas, true);
    const paintAll = () => {
      const here = start();
      const shown = field.news.orders().filter((one) => one.pos && !field.news.isOver(one));
      const centre = shown.length || here ? [] : [{ pos: field.given.centre, draw: () => {} }];
      map.show([...shown.map(field.caseMark), ...(here ? [field.dotMark(here)] : []), ...centre], shown.flatMap((one) => waysTo(one, null)));
    };
    paintAll();
    return {
      top: make("header.app-head", {}, make("div.head-text", {}, make("h1", {}, say("map")), make("p.app-sub", {}, say("map_small", { n: orders.length }))), field.sync()),
      body: [make("div.map-box", {}, canvas, field.mapButtons(map))], isMap: true, refresh: paintAll, bottom: field.tabbar("map"),
    };
  };
})();
