/* The map under a finger: pan, pinch, buttons; the names on it, and the marks that stand over it. */
(() => {
  "use strict";
  const field = window.field;
  const FONT = "600 13px";
  const LONG_ENOUGH = 1.25; // of its name: a road that is shorter on the screen stays nameless
  const MOST_NAMES = 14;

  /* fingers */

  field.handleMap = (map) => {
    const { canvas } = map;
    const fingers = new Map();
    canvas.style.touchAction = "none";
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, [event.offsetX, event.offsetY]);
    });
    canvas.addEventListener("pointermove", (event) => fingers.has(event.pointerId) && move(map, fingers, event));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (event) => fingers.delete(event.pointerId));
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      map.zoom(event.deltaY < 0 ? 1.25 : 0.8, event.offsetX, event.offsetY);
    }, { passive: false });
    canvas.addEventListener("keydown", (press) => key(map, press));
  };

  function move(map, fingers, event) {
    const before = [...fingers.values()];
    fingers.set(event.pointerId, [event.offsetX, event.offsetY]);
    const after = [...fingers.values()];
    const middle = (points) => points.reduce(([x, y], [px, py]) => [x + px / points.length, y + py / points.length], [0, 0]);
    const [from, to] = [middle(before), middle(after)];
    map.pan(to[0] - from[0], to[1] - from[1]);
    if (after.length < 2) return;
    const apart = ([[x1, y1], [x2, y2]]) => Math.hypot(x1 - x2, y1 - y2) || 1;
    map.zoom(apart(after) / apart(before), ...to);
  }

  function key(map, press) {
    const steps = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
    if (steps[press.key]) map.pan(...steps[press.key]);
    else if (press.key === "+" || press.key === "=") map.zoom(1.4);
    else if (press.key === "-") map.zoom(1 / 1.4);
    else return;
    press.preventDefault();
  }

  field.mapButtons = (map) => {
    const button = (name, act) => field.make("button.map-button", { type: "button", "aria-label": field.say(`map_${name}`), click: act },
      field.icon({ in: "plus", out: "minus", all: "target" }[name], 22));
    return field.make("div.map-buttons", {}, button("in", () => map.zoom(1.6)), button("out", () => map.zoom(1 / 1.6)), button("all", () => map.reset()));
  };

  /* names */

  field.nameRoads = (map) => {
    const { pen, layers } = map;
    const taken = map.marks.map(({ pos }) => ({ box: around(map.screen(pos)) }));
    pen.font = `${FONT} ${getComputedStyle(document.body).fontFamily}`;
    Object.assign(pen, { textAlign: "center", textBaseline: "middle", lineWidth: 3.5, strokeStyle: map.ink("--map-halo"), fillStyle: map.ink("--map-label") });
    const ranked = ["trunk", "primary", "secondary", "tertiary"];
    const roads = layers.roads.filter((one) => map.sees(one.box)).sort((a, b) => ranked.indexOf(a.class) - ranked.indexOf(b.class));
    for (const road of roads) {
      if (taken.length - map.marks.length >= MOST_NAMES) break;
      nameRoad(map, road, taken);
    }
  };

  const around = ([x, y]) => [x - 16, y - 16, x + 16, y + 16];

  function nameRoad(map, road, taken) {
    const text = field.lang === "en" ? road.en || road.zh : road.zh || road.en;
    if (!text || taken.some((one) => one.text === text)) return;
    const width = map.pen.measureText(text).width;
    const spot = longest(map, road.rings);
    if (!spot || spot.length < width * LONG_ENOUGH) return;
    const box = [spot.x - width / 2, spot.y - 9, spot.x + width / 2, spot.y + 9];
    const isOut = box[0] < 4 || box[1] < 4 || box[2] > map.width - 4 || box[3] > map.height - 4;
    if (isOut || taken.some(({ box: other }) => box[0] < other[2] + 12 && box[2] > other[0] - 12 && box[1] < other[3] + 8 && box[3] > other[1] - 8)) return;
    taken.push({ text, box });
    map.pen.save();
    map.pen.translate(spot.x, spot.y);
    map.pen.rotate(spot.turn);
    map.pen.strokeText(text, 0, 0);
    map.pen.fillText(text, 0, 0);
    map.pen.restore();
  }

  // The longest run of a road that lies on the screen, nearly straight: its middle and its turn.
  function longest(map, rings) {
    let best = null;
    for (const ring of rings) {
      const seen = ring.map((point) => map.at(...point)).filter(([x, y]) => x > 0 && y > 0 && x < map.width && y < map.height);
      if (seen.length < 2) continue;
      const [[x1, y1], [x2, y2]] = [seen[0], seen.at(-1)];
      const length = Math.hypot(x2 - x1, y2 - y1);
      if (!best || length > best.length) best = { length, ...middleOf(seen) };
    }
    return best;
  }

  function middleOf(seen) {
    const half = Math.max(1, Math.floor(seen.length / 2));
    const [[x1, y1], [x2, y2]] = [seen[half - 1], seen[half]];
    let turn = Math.atan2(y2 - y1, x2 - x1);
    if (turn > Math.PI / 2) turn -= Math.PI;
    if (turn < -Math.PI / 2) turn += Math.PI;
    return { x: (x1 + x2) / 2, y: (y1 + y2) / 2, turn };
  }

  /* marks */

  const FILLS = [null, "--severity-1-fill", "--severity-2-fill", "--severity-3-fill", "--severity-4-fill"];
  const SHAPES = {
    1: (pen) => pen.rect(-12, -12, 24, 24),
    2: (pen) => { pen.moveTo(0, -14); pen.lineTo(14, 11); pen.lineTo(-14, 11); pen.closePath(); },
    3: (pen) => { pen.moveTo(0, -14); pen.lineTo(14, 0); pen.lineTo(0, 14); pen.lineTo(-14, 0); pen.closePath(); },
    4: (pen) => pen.arc(0, 0, 12.5, 0, 2 * Math.PI),
  };

  field.caseMark = (order) => ({ pos: order.pos, draw: (pen, x, y, ink) => {
    const level = SHAPES[order.severity] ? order.severity : 4;
    pen.save();
    pen.translate(x, y);
    pen.beginPath();
    SHAPES[level](pen);
    Object.assign(pen, { fillStyle: ink(FILLS[level]), strokeStyle: "#fff", lineWidth: 2 });
    pen.fill();
    pen.stroke();
    Object.assign(pen, { fillStyle: ink(`--severity-${level}-on`), font: "700 14px sans-serif", textAlign: "center", textBaseline: "middle" });
    pen.fillText(level, 0, level === 2 ? 3 : 0.5);
    pen.restore();
  } });

  field.dotMark = (pos, colour = "--accent-fill", isBeside = false) => ({ pos, isBeside, draw: (pen, x, y, ink) => {
    pen.beginPath();
    pen.arc(x, y, 8, 0, 2 * Math.PI);
    Object.assign(pen, { fillStyle: ink(colour), strokeStyle: "#fff", lineWidth: 3 });
    pen.fill();
    pen.stroke();
  } });
})();
