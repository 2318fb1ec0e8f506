/* Units on the map of dispatch, between their fixes gliding. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const state = city.dispatch;
  const GLIDE_MS = 1800;
  const JUMP_PX = 160; // farther than that in one step is no movement
  const BADGE = 20;

  /* Units: sign and name; candidates carry their number and minutes. A badge that would cover another keeps only its sign. */
  city.drawUnits = (p, ink, shown, at, isSeen) => {
    const now = performance.now();
    let moves = false;
    const rows = new Map(state.rows().map((row, k) => [row.unit, { ...row, number: k + 1 }]) ?? []);
    const units = [...shown.units.values()].sort((a, b) => rank(b, rows) - rank(a, rows));
    const painted = [];
    for (const unit of units) {
      const share = Math.min(1, (now - unit.since) / GLIDE_MS);
      const [from, to] = [at(unit.from), at(unit.to)];
      const near = Math.hypot(from.x - to.x, from.y - to.y) < JUMP_PX && !city.still();
      const spot = near ? { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share } : to;
      if (!isSeen(spot)) continue;
      moves ||= near && share < 1 && (from.x !== to.x || from.y !== to.y);
      painted.push(place(p, ink, unit, rows.get(unit.id), spot, shown));
    }
    for (const paint of painted.reverse()) paint(); // the most important on top
    return moves;
  };
  // Sent to the open case, and not back yet.
  const isSent = (id) => Boolean(state.pick?.orders?.some((order) => order.unit === id && order.isOpen));
  const isStrong = (id) => state.chosen.includes(id) || isSent(id);
  const rank = (unit, rows) => (isStrong(unit.id) ? 3 : rows.has(unit.id) ? 2 : unit.dim ? 0 : 1);

  // Takes its room; what it returns paints it.
  function place(p, ink, unit, row, { x, y }, shown) {
    p.font = `400 12.5px ${ink("--font-ui")}`;
    const width = BADGE + 12 + p.measureText(unit.name).width;
    const aside = row ? 10 + p.measureText(`${row.eta} ${row.etaUnit}`).width * 1.1 : 0; // its minutes stand beside it
    const full = [x - 10, y - 11, x - 10 + width, y + 11];
    const room = [full[0], full[1], full[2] + aside, full[3]];
    const isFull = isStrong(unit.id) || free(room, shown);
    const box = isFull ? full : [x - 8, y - 8, x + 8, y + 8];
    const isDot = !isFull && !row && !free(box, shown);
    const taken = isDot ? [x - 4, y - 4, x + 4, y + 4] : box;
    if (!isDot) shown.boxes.push(isFull ? room : box);
    shown.hits.push([taken, unit.id]);
    return () => (isDot ? dot(p, ink, unit, x, y) : badge(p, ink, unit, row, box, isFull, { x, y }));
  }

  function badge(p, ink, unit, row, box, isFull, { x, y }) {
    const isOn = isStrong(unit.id);
    const sign = row && row.number < 10 ? String(row.number) : unit.glyph;
    p.globalAlpha = unit.dim && !row && !isOn ? 0.55 : 1;
    frame(p, ink, box, isOn, isFull);
    Object.assign(p, { fillStyle: isOn ? ink("--accent-fill") : ink("--entity") });
    p.beginPath();
    p.roundRect(box[0], box[1], isFull ? BADGE : box[2] - box[0], box[3] - box[1], 3);
    p.fill();
    text(p, ink, sign, isFull ? x : (box[0] + box[2]) / 2, y + 0.5, isOn ? "--accent-on" : "--entity-edge", `700 ${isFull ? 12.5 : 11}px`, "center");
    if (isFull) text(p, ink, unit.name, x + 15, y + 0.5, "--ink-1", "400 12.5px", "left");
    if (row && isFull) minutes(p, ink, row, box);
    p.globalAlpha = 1;
  }
  function dot(p, ink, unit, x, y) {
    p.globalAlpha = unit.dim ? 0.55 : 1;
    Object.assign(p, { fillStyle: ink("--entity"), strokeStyle: ink("--entity-edge"), lineWidth: 1.5 });
    p.beginPath();
    p.arc(x, y, 3.4, 0, 7);
    p.fill();
    p.stroke();
    p.globalAlpha = 1;
  }
  function frame(p, ink, [left, top, right, bottom], isOn, isFull) {
    Object.assign(p, { fillStyle: ink("--surface-overlay"), strokeStyle: isOn ? ink("--accent") : ink("--entity"), lineWidth: isOn ? 1.6 : 1 });
    p.beginPath();
    p.roundRect(left, top, right - left, bottom - top, 3);
    if (isFull) p.fill();
    p.stroke();
  }
  function text(p, ink, said, x, y, colour, font, align) {
    p.font = `${font} ${ink("--font-ui")}`;
    Object.assign(p, { textAlign: align, textBaseline: "middle", fillStyle: ink(colour) });
    p.fillText(said, x, y);
  }
  function minutes(p, ink, row, [, top, right, bottom]) {
    const said = `${row.eta} ${row.etaUnit}`;
    p.font = `700 12.5px ${ink("--font-ui")}`;
    Object.assign(p, { textAlign: "left", textBaseline: "middle", lineWidth: 4, lineJoin: "round", strokeStyle: ink("--map-halo"), fillStyle: ink("--ink-1") });
    p.strokeText(said, right + 7, (top + bottom) / 2);
    p.fillText(said, right + 7, (top + bottom) / 2);
  }
  const free = ([a, b, c, d], shown) => shown.boxes.every(([e, f, g, h]) => c <= e || a >= g || d <= f || b >= h);
})();
