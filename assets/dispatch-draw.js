/* Drawing on the map of dispatch: measuring, a circle, a polygon (what is inside), a closed road; by mouse or by keys.
   By keys: the arrows move the map under a cross in its middle, Space sets a point there, Enter ends. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const state = city.dispatch;
  const EARTH_M = 6371008.8;
  const STEP_PX = 40;
  const TWICE_MS = 320;
  const LEAST = { measure: 2, circle: 2, polygon: 3, close_road: 2 };
  const drawing = { tool: "", points: [], at: null, last: 0 };
  const rad = Math.PI / 180;

  city.isDrawing = () => Boolean(drawing.tool);
  const map = () => city.map?.map;

  city.metresBetween = ([lon1, lat1], [lon2, lat2]) => {
    const [a, b] = [Math.sin(((lat2 - lat1) * rad) / 2), Math.sin(((lon2 - lon1) * rad) / 2)];
    return 2 * EARTH_M * Math.asin(Math.sqrt(a * a + Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * b * b));
  };
  const lengthOf = (points) => points.slice(1).reduce((sum, point, k) => sum + city.metresBetween(points[k], point), 0);
  // The area on a sphere, by the excess of longitude times the sine of latitude.
  function areaOf(points) {
    const sum = points.reduce((total, [lon, lat], k) => {
      const [lon2, lat2] = points[(k + 1) % points.length];
      return total + (lon2 - lon) * rad * (2 + Math.sin(lat * rad) + Math.sin(lat2 * rad));
    }, 0);
    return Math.abs((sum * EARTH_M * EARTH_M) / 2);
  }
  city.areaText = (m2) => (m2 < 1e5 ? `${Math.round(m2 / 100) * 100} m²` : `${(m2 / 1e6).toFixed(m2 < 1e7 ? 2 : 1)} km²`);

  function ring([lon, lat], metres) {
    const points = [];
    for (let k = 0; k < 48; k++) {
      const angle = (k / 48) * 2 * Math.PI;
      points.push([lon + ((metres * Math.sin(angle)) / (EARTH_M * Math.cos(lat * rad))) / rad, lat + ((metres * Math.cos(angle)) / EARTH_M) / rad]);
    }
    return points;
  }
  const open = () => (drawing.at && drawing.points.length ? [...drawing.points, drawing.at] : drawing.points);
  const shapeOf = (points) => (drawing.tool === "circle" && points.length > 1 ? ring(points[0], city.metresBetween(points[0], points[1])) : points);

  function said(points) {
    if (points.length < 2) return "";
    if (drawing.tool === "circle") return `r ${city.distanceText(city.metresBetween(points[0], points[1]))}`;
    if (drawing.tool === "polygon") return points.length < 3 ? city.distanceText(lengthOf(points)) : city.areaText(areaOf(points));
    return city.distanceText(lengthOf(points));
  }

  /* Begin and end */
  function take(tool) {
    if (tool === "centre") return state.centre();
    if (tool === "rings" || tool === "routes") return flip(tool);
    if (drawing.tool === tool || !map()) return leave();
    Object.assign(drawing, { tool, points: [], at: null });
    mark();
    map().doubleClickZoom.disable();
    map().getCanvas().style.cursor = "crosshair";
    city.turn && matchMedia("(max-width: 899px)").matches && city.turn("map");
    document.getElementById("map")?.focus();
    tell();
  }
  function flip(name) {
    city.dispatchMap[name] = !city.dispatchMap[name];
    document.querySelector(`[data-tool=${name}]`)?.setAttribute("aria-pressed", city.dispatchMap[name]);
    city.wakeDispatchMap();
  }
  function leave() {
    Object.assign(drawing, { tool: "", points: [], at: null });
    mark();
    map()?.doubleClickZoom.enable();
    if (map()) map().getCanvas().style.cursor = "";
    tell();
  }
  function mark() {
    for (const name of Object.keys(LEAST)) document.querySelector(`[data-tool=${name}]`)?.setAttribute("aria-pressed", drawing.tool === name);
    document.querySelector(".dispatch-map")?.classList.toggle("is-drawing", Boolean(drawing.tool));
  }
  function tell() {
    const bar = document.querySelector(".draw-bar");
    if (!bar) return;
    bar.hidden = !drawing.tool;
    const help = state.words("map_help");
    bar.replaceChildren(city.make("b", "num", said(open()) || "—"), city.make("span", "meta", help));
    city.wakeDispatchMap?.();
  }

  function add(point) {
    drawing.points.push(point);
    tell();
    if (drawing.tool === "circle" && drawing.points.length === 2) finish();
  }
  function finish() {
    const { tool, points } = drawing;
    if (points.length < LEAST[tool]) return;
    const size = said(points);
    const shape = shapeOf(points);
    if (tool === "measure") {
      city.toast(size);
      return leave();
    }
    leave();
    if (tool === "close_road") return city.askLine(state.words("close_reason"), (reason) => state.deed("close_road", { points, reason }));
    state.drawn = shape;
    city.setProps("dispatch-drawn", { data: { kind: tool, points: shape, size, at: Date.now() } });
  }

  /* Mouse */
  city.on("dispatch-map", (canvas) => {
    canvas.on("click", ({ lngLat, originalEvent }) => {
      if (!drawing.tool) return;
      const twice = Date.now() - drawing.last < TWICE_MS;
      drawing.last = Date.now();
      if (twice && drawing.tool !== "circle") return finish();
      originalEvent.preventDefault();
      add([lngLat.lng, lngLat.lat]);
    });
    canvas.on("mousemove", ({ lngLat }) => {
      if (!drawing.tool) return;
      canvas.getCanvas().style.cursor = "crosshair";
      drawing.at = [lngLat.lng, lngLat.lat];
      tell();
    });
  });

  document.addEventListener("click", ({ target }) => {
    const tool = state.here() && target.closest?.("[data-tool]")?.dataset.tool;
    if (tool) take(tool);
  });

  /* Keys, before those of the map */
  const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  document.addEventListener("keydown", (press) => {
    if (!drawing.tool || press.target.closest?.("input, textarea, select, dialog")) return;
    const { key } = press;
    const { lng, lat } = map().getCenter();
    if (MOVES[key]) map().panBy(MOVES[key].map((by) => by * STEP_PX), { duration: 0 });
    else if (key === " ") add([lng, lat]);
    else if (key === "Enter") finish();
    else if (key === "Backspace") drawing.points.pop();
    else if (key === "Escape") return leave(), press.preventDefault(), press.stopPropagation();
    else return;
    if (MOVES[key]) drawing.at = [map().getCenter().lng, map().getCenter().lat];
    tell();
    press.preventDefault();
    press.stopPropagation();
  }, true);

  /* Drawn on the canvas of the units */
  city.drawDrawing = (p, ink, at) => {
    if (!drawing.tool) return;
    cross(p, ink);
    const points = open();
    const shape = shapeOf(points).map(at);
    if (shape.length) {
      p.beginPath();
      shape.forEach(({ x, y }, k) => (k ? p.lineTo(x, y) : p.moveTo(x, y)));
      if (drawing.tool === "polygon" || drawing.tool === "circle") p.closePath();
      Object.assign(p, { strokeStyle: ink("--map-halo"), lineWidth: 5, lineJoin: "round" });
      p.stroke();
      Object.assign(p, { strokeStyle: ink("--accent"), lineWidth: 2 });
      p.stroke();
      Object.assign(p, { fillStyle: ink("--accent"), globalAlpha: 0.1 });
      if (drawing.tool === "polygon" || drawing.tool === "circle") p.fill();
      p.globalAlpha = 1;
    }
    for (const { x, y } of drawing.points.map(at)) {
      p.beginPath();
      p.arc(x, y, 4, 0, 7);
      Object.assign(p, { fillStyle: ink("--accent") });
      p.fill();
    }
  };
  function cross(p, ink) {
    const { clientWidth: width, clientHeight: height } = map().getContainer();
    Object.assign(p, { strokeStyle: ink("--ink-2"), lineWidth: 1 });
    p.beginPath();
    p.moveTo(width / 2 - 9, height / 2);
    p.lineTo(width / 2 + 9, height / 2);
    p.moveTo(width / 2, height / 2 - 9);
    p.lineTo(width / 2, height / 2 + 9);
    p.stroke();
  }
})();
