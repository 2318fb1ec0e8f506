/* Over the map of dispatch: rings of travel time, routes, closed roads, units with their sign, the open case.
   Two canvases, one below the things and one above; both are drawn with the base map's own frames. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const state = city.dispatch;
  const FRAMED = 5; // so many candidates are brought into view
  const DASHES = { 5: [], 10: [7, 5], 15: [2, 5] };
  const none = () => window.dash_clientside.no_update;
  const shown = { ways: null, closed: [], units: new Map(), rings: true, routes: true, boxes: [], hits: [] };
  city.dispatchMap = shown;

  let map = null;
  let under = null;
  let over = null;
  let asked = 0;
  let paints = null; // the tokens' colours, read once per theme

  function begin() {
    if (!state.here() || !city.map || map === city.map.map) return;
    map = city.map.map;
    const box = map.getContainer();
    under = city.make("canvas", "map-ways");
    over = city.make("canvas", "map-units");
    box.insertBefore(under, box.querySelector(".map-things"));
    box.append(over);
    map.on("render", draw);
    map.on("resize", frameCase);
    map.on("click", ({ point }) => pick(point));
    map.on("mousemove", ({ point }) => { if (hitAt(point)) map.getCanvas().style.cursor = "pointer"; });
    city.tell("dispatch-map", map);
    wake();
  }
  city.on("hello", () => setTimeout(begin, 50));
  city.on("second", begin);
  city.on("theme", () => { paints = null; wake(); });
  city.on("dispatch", () => { frameCase(); wake(); });

  function wake() {
    if (map) asked ||= requestAnimationFrame(draw);
  }
  city.wakeDispatchMap = wake;

  function pen(canvas) {
    const { clientWidth: width, clientHeight: height } = map.getContainer();
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== width * ratio || canvas.height !== height * ratio) Object.assign(canvas, { width: width * ratio, height: height * ratio });
    const ink = canvas.getContext("2d");
    ink.setTransform(ratio, 0, 0, ratio, 0, 0);
    ink.clearRect(0, 0, width, height);
    return ink;
  }

  const at = ([lon, lat]) => map.project([lon, lat]);
  const isSeen = ({ x, y }, margin = 40) => x > -margin && y > -margin && x < map.getContainer().clientWidth + margin && y < map.getContainer().clientHeight + margin;

  function trace(p, points, closes) {
    points.forEach((point, k) => {
      const { x, y } = at(point);
      if (k) p.lineTo(x, y);
      else p.moveTo(x, y);
    });
    if (closes) p.closePath();
  }

  function line(p, points, { colour, width, dash = [], halo = 0, closes = false, ink }) {
    p.beginPath();
    trace(p, points, closes);
    p.lineJoin = p.lineCap = "round";
    p.setLineDash([]);
    if (halo) Object.assign(p, { strokeStyle: ink("--map-halo"), lineWidth: width + halo }), p.stroke();
    Object.assign(p, { strokeStyle: colour, lineWidth: width });
    p.setLineDash(dash);
    p.stroke();
    p.setLineDash([]);
  }

  function draw() {
    asked = 0;
    if (!map || !under.isConnected) return;
    const ink = (paints ??= city.inkReader());
    const below = pen(under);
    const above = pen(over);
    Object.assign(shown, { boxes: [], hits: [] });
    drawRings(below, ink);
    drawClosed(below, ink);
    drawRoutes(below, ink);
    const spot = caseSpot();
    if (spot) shown.boxes.push([spot.x - 16, spot.y - 16, spot.x + 16, spot.y + 16]);
    const moves = city.drawUnits(above, ink, shown, at, isSeen);
    if (spot) drawCase(above, ink, spot, state.pick.head.level || 4);
    city.drawDrawing?.(above, ink, at);
    if (moves) wake();
  }

  /* Rings: solid, dashed, dotted, so that they print. */
  function drawRings(p, ink) {
    const rings = shown.rings && shown.ways?.case === state.open ? shown.ways.rings : [];
    for (const ring of [...rings].reverse()) {
      p.beginPath();
      for (const part of ring.parts) trace(p, part, true);
      p.fillStyle = ink("--accent");
      p.globalAlpha = 0.06;
      p.fill("evenodd");
      p.globalAlpha = 0.9;
      Object.assign(p, { strokeStyle: ink("--accent"), lineWidth: 1.2, lineJoin: "round" });
      p.setLineDash(DASHES[ring.minutes] ?? []);
      p.stroke();
      p.setLineDash([]);
      p.globalAlpha = 1;
      label(p, ink, ring.label, lowest(ring.parts), ink("--accent"));
    }
  }
  // Where a ring crosses the lower half of what is seen.
  const lowest = (parts) => parts.flat().map(at).filter((one) => isSeen(one, -24)).reduce((best, one) => (one.y > best.y ? one : best), { x: -1e9, y: -1e9 });

  // Areas come in squares: corners are cut twice, so that a ring reads as one line.
  function smooth(points) {
    let ring = points;
    for (let turn = 0; turn < 2; turn++) {
      ring = ring.flatMap(([x, y], k) => {
        const [x2, y2] = ring[(k + 1) % ring.length];
        return [[0.75 * x + 0.25 * x2, 0.75 * y + 0.25 * y2], [0.25 * x + 0.75 * x2, 0.25 * y + 0.75 * y2]];
      });
    }
    return ring;
  }

  function label(p, ink, text, { x, y }, colour) {
    if (!text || !isSeen({ x, y }, 0)) return;
    p.font = `400 12px ${ink("--font-ui")}`;
    Object.assign(p, { textAlign: "center", textBaseline: "middle", lineWidth: 4, lineJoin: "round", strokeStyle: ink("--map-halo"), fillStyle: colour });
    p.strokeText(text, x, y);
    p.fillText(text, x, y);
  }

  function drawClosed(p, ink) {
    for (const one of shown.closed) {
      for (const part of one.areas) {
        p.beginPath();
        trace(p, part, true);
        p.fillStyle = ink("--ink-1");
        p.globalAlpha = 0.1;
        p.fill();
        p.globalAlpha = 1;
        line(p, part, { colour: ink("--ink-1"), width: 1.2, dash: [3, 3], closes: true, ink });
      }
      for (const part of one.lines) line(p, part, { colour: ink("--ink-1"), width: 3, dash: [1, 6], halo: 3, ink });
      if (one.at) noEntry(p, ink, at(one.at));
    }
  }
  function noEntry(p, ink, { x, y }) {
    p.beginPath();
    p.arc(x, y, 8, 0, 7);
    Object.assign(p, { fillStyle: ink("--surface-overlay"), strokeStyle: ink("--ink-1"), lineWidth: 1.6 });
    p.fill();
    p.stroke();
    p.fillStyle = ink("--ink-1");
    p.fillRect(x - 4, y - 1.2, 8, 2.4);
  }

  // Ticked units and those under way by a full line, the others by a dashed grey one.
  function drawRoutes(p, ink) {
    if (!shown.routes || shown.ways?.case !== state.open) return;
    const strong = (route) => route.going || state.chosen.includes(route.unit);
    const routes = [...shown.ways.routes].sort((a, b) => strong(a) - strong(b));
    for (const route of routes) {
      const isOn = strong(route);
      const style = isOn ? { colour: ink("--accent"), width: 3.5, halo: 3 } : { colour: ink("--ink-2"), width: 2, dash: route.byRoad ? [6, 5] : [1, 6], halo: 2 };
      line(p, route.points, { ...style, ink });
    }
  }

  function caseSpot() {
    const head = state.pick?.head;
    return head?.pos && head.id === state.open ? at(head.pos) : null;
  }
  function drawCase(p, ink, { x, y }, level) {
    p.beginPath();
    p.arc(x, y, 21, 0, 7);
    Object.assign(p, { fillStyle: ink(`--severity-${level}-edge`), globalAlpha: 0.22 });
    p.fill();
    p.globalAlpha = 1;
    Object.assign(p, { strokeStyle: ink(`--severity-${level}-edge`), lineWidth: 1.3 });
    p.setLineDash([3, 4]);
    p.stroke();
    p.setLineDash([]);
    p.save();
    p.translate(x, y);
    city.drawMark(p, ink, level, false, 1.15);
    p.restore();
  }

  /* Pointer */
  const hitAt = ({ x, y }) => shown.hits.find(([[a, b, c, d]]) => x >= a - 3 && x <= c + 3 && y >= b - 3 && y <= d + 3)?.[1];
  function pick(point) {
    if (city.isDrawing?.()) return;
    const unit = hitAt(point);
    if (!unit) return;
    if (state.rows().some((row) => row.unit === unit)) state.toggle(unit);
    else state.openUnit(unit);
  }

  /* What the server says. */
  city.hearWays = (ways) => {
    if (!ways) return none();
    shown.ways = { ...ways, rings: ways.rings.map((ring) => ({ ...ring, parts: ring.parts.map((part) => smooth(part.slice(0, -1))) })) };
    wake();
    return none();
  };
  city.hearClosed = (closed) => {
    shown.closed = closed ?? [];
    state.change({ closed: shown.closed });
    return none();
  };
  city.on("dispatch", ({ board }) => {
    if (!board || board === shown.board) return;
    shown.board = board;
    const now = performance.now();
    const former = shown.units;
    shown.units = new Map(board.units.map((unit) => {
      const was = former.get(unit.id);
      const same = was && was.to[0] === unit.pos[0] && was.to[1] === unit.pos[1];
      return [unit.id, { ...unit, from: was?.to ?? unit.pos, to: unit.pos, since: same ? was.since : now }];
    }));
  });

  // Auto-fit only when another case is opened; any manual move is left alone after that.
  function frameCase() {
    const { pick, open } = state;
    const pos = pick?.head?.pos;
    if (!map || !pos || pick.head.id !== open || shown.framed === open || !map.getContainer().clientWidth) return;
    shown.framed = open;
    const around = pick.rows.slice(0, FRAMED).map((row) => row.pos).filter(Boolean);
    const bounds = around.reduce((box, point) => box.extend(point), new maplibregl.LngLatBounds(pos, pos));
    map.fitBounds(bounds, { padding: { top: 110, left: 70, right: 120, bottom: 60 }, maxZoom: 15, duration: city.still() ? 0 : 300 });
  }
  state.centre = () => {
    const pos = state.pick?.head?.pos;
    if (pos && map) map.easeTo({ center: pos, zoom: Math.max(map.getZoom(), 14), duration: city.still() ? 0 : 300 });
  };
})();
