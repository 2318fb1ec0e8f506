/* The pictures of things: drawn once per theme into one texture, chosen per thing by number. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const SHAPES = ["dot", "square", "diamond", "arrow"];
  const DOT = 0, ARROW = 3;
  const SOLID = 0, HOLLOW = 1, CROSSED = 2; // seen, silent, switched off
  const STALE = 2, LOST = 3, OFFLINE = 4;
  const UNCERTAIN = 1;
  const COLUMNS = 8;
  const CELL = 40; // CSS pixels; every picture is drawn at its true size in the middle of a cell
  const MARK_FIRST = 12; // 12 pictures of shapes, then 4 levels solid, 4 levels hollow
  const BADGE_FIRST = 20; // clock, question mark, both
  city.SPRITE = { columns: COLUMNS, rows: 4, cell: CELL, selected: 23, hovered: 24 };
  // Pixels to each side that hit the picture: by shape, then by mark.
  city.REACH = { dot: 6, square: 7, diamond: 8, arrow: 8, mark: 11 };

  city.shapeOf = (layer) => Math.max(0, SHAPES.indexOf(layer?.shape));

  function variant(state) {
    return state === OFFLINE ? CROSSED : state === LOST ? HOLLOW : SOLID;
  }

  function badge(state, flags) {
    const old = state === STALE || state === LOST;
    return (old ? 1 : 0) + (flags & UNCERTAIN ? 2 : 0);
  }

  // Writes the four bytes the shader reads: picture, badge, opacity, heading.
  city.dress = (i, server_s) => {
    const things = city.things;
    const state = (things.state[i] = city.stateNow(i, server_s));
    const level = things.level[i];
    const kind = variant(state);
    const turns = things.heading[i] <= 360;
    const drawn = city.shapeOf(things.layers[things.layer[i]]);
    const shape = drawn === ARROW && !turns ? DOT : drawn; // no arrow without a known heading
    const at = i * 4;
    things.look[at] = level ? MARK_FIRST + level - 1 + (kind ? 4 : 0) : shape * 3 + kind;
    things.look[at + 1] = badge(state, things.flags[i]);
    things.look[at + 2] = state === STALE || state === LOST || state === OFFLINE ? 153 : 255;
    things.look[at + 3] = level || shape !== ARROW ? 0 : Math.round((things.heading[i] * 256) / 360) & 255;
  };

  const paths = {
    dot: (p, r) => p.arc(0, 0, r, 0, 7),
    square: (p, r) => p.rect(-r, -r, 2 * r, 2 * r),
    diamond: (p, r) => corners(p, [[0, -r], [r, 0], [0, r], [-r, 0]]),
    arrow: (p, r) => corners(p, [[0, -r], [r * 0.72, r * 0.85], [0, r * 0.45], [-r * 0.72, r * 0.85]]),
    triangle: (p, r) => corners(p, [[0, -r], [r * 1.02, r * 0.82], [-r * 1.02, r * 0.82]]),
  };
  const RADIUS = { dot: 2.4, square: 3.2, diamond: 4.4, arrow: 6 };
  const MARKS = [["square", 8], ["triangle", 9.6], ["diamond", 10.2], ["dot", 8.8]];

  function corners(path, points) {
    points.forEach(([x, y], k) => (k ? path.lineTo(x, y) : path.moveTo(x, y)));
    path.closePath();
  }

  function outline(name, radius) {
    const path = new Path2D();
    paths[name](path, radius);
    return path;
  }

  function drawShape(pen, ink, name, kind) {
    const path = outline(name, RADIUS[name] + (kind ? 0.8 : 0));
    pen.lineJoin = "round";
    pen.lineWidth = kind ? 3.4 : 2;
    pen.strokeStyle = ink("--entity-edge");
    pen.stroke(path);
    pen.fillStyle = pen.strokeStyle = ink("--entity");
    pen.lineWidth = 1.4;
    if (kind === SOLID) pen.fill(path);
    else pen.stroke(path);
    if (kind === CROSSED) drawCross(pen, ink, RADIUS[name] + 2);
  }

  function drawCross(pen, ink, reach) {
    const line = new Path2D();
    line.moveTo(-reach, reach);
    line.lineTo(reach, -reach);
    pen.lineWidth = 3.4;
    pen.strokeStyle = ink("--entity-edge");
    pen.stroke(line);
    pen.lineWidth = 1.4;
    pen.strokeStyle = ink("--entity");
    pen.stroke(line);
  }

  function drawHalo(pen, colour) {
    pen.globalAlpha = 0.24;
    pen.fillStyle = colour;
    pen.fill(outline("dot", 14.5));
    pen.globalAlpha = 1;
  }

  city.drawMark = (pen, ink, level, hollow, scale = 1) => {
    const [name, radius] = MARKS[level - 1];
    const path = outline(name, radius * scale);
    pen.lineJoin = "round";
    pen.lineWidth = 3.5;
    pen.strokeStyle = ink("--entity-edge");
    pen.stroke(path);
    pen.fillStyle = hollow ? ink("--surface-1") : ink(`--severity-${level}-fill`);
    pen.fill(path);
    pen.lineWidth = 1.5;
    pen.strokeStyle = ink(`--severity-${level}-edge`);
    pen.stroke(path);
    pen.fillStyle = ink(hollow ? `--severity-${level}-ink` : `--severity-${level}-on`);
    pen.font = `700 ${11.5 * scale}px ${ink("--font-number")}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(String(level), 0, (level === 2 ? 2.4 : 0.8) * scale);
  };

  function drawMarkCell(pen, ink, level, hollow) {
    if (!hollow) drawHalo(pen, ink(`--severity-${level}-edge`));
    city.drawMark(pen, ink, level, hollow);
  }

  function drawClock(pen, ink, x) {
    pen.save();
    pen.translate(x, 0);
    pen.fillStyle = ink("--surface-1");
    pen.fill(outline("dot", 5));
    pen.strokeStyle = ink("--ink-2");
    pen.lineWidth = 1.2;
    pen.stroke(outline("dot", 4));
    pen.beginPath();
    pen.moveTo(0, -2.6);
    pen.lineTo(0, 0);
    pen.lineTo(2, 1);
    pen.stroke();
    pen.restore();
  }

  function drawQuestion(pen, ink, x) {
    pen.save();
    pen.translate(x, 0);
    pen.fillStyle = ink("--surface-1");
    pen.fill(outline("dot", 5));
    pen.fillStyle = ink("--ink-1");
    pen.font = `700 9px ${ink("--font-number")}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText("?", 0, 0.6);
    pen.restore();
  }

  function drawRing(pen, ink, radii, width, colour) {
    for (const radius of radii) {
      pen.lineWidth = width + 1.6;
      pen.strokeStyle = ink("--entity-edge");
      pen.stroke(outline("dot", radius));
    }
    for (const radius of radii) {
      pen.lineWidth = width;
      pen.strokeStyle = ink(colour);
      pen.stroke(outline("dot", radius));
    }
  }

  function* pictures(ink) {
    for (const shape of SHAPES) {
      for (const kind of [SOLID, HOLLOW, CROSSED]) yield (pen) => drawShape(pen, ink, shape, kind);
    }
    for (const hollow of [false, true]) {
      for (const level of [1, 2, 3, 4]) yield (pen) => drawMarkCell(pen, ink, level, hollow);
    }
    yield (pen) => drawClock(pen, ink, 0);
    yield (pen) => drawQuestion(pen, ink, 0);
    yield (pen) => [drawClock(pen, ink, -5), drawQuestion(pen, ink, 5)];
    yield (pen) => drawRing(pen, ink, [14, 18], 1.6, "--accent");
    yield (pen) => drawRing(pen, ink, [13], 1.4, "--ink-1");
  }

  city.inkReader = () => {
    const style = getComputedStyle(document.documentElement);
    const known = new Map();
    return (name) => {
      if (!known.has(name)) known.set(name, style.getPropertyValue(name).trim());
      return known.get(name);
    };
  };

  city.drawAtlas = (scale) => {
    const canvas = document.createElement("canvas");
    canvas.width = COLUMNS * CELL * scale;
    canvas.height = city.SPRITE.rows * CELL * scale;
    const pen = canvas.getContext("2d");
    let number = 0;
    for (const draw of pictures(city.inkReader())) {
      const x = ((number % COLUMNS) + 0.5) * CELL * scale;
      const y = (Math.floor(number / COLUMNS) + 0.5) * CELL * scale;
      pen.setTransform(scale, 0, 0, scale, x, y);
      draw(pen);
      number += 1;
    }
    return canvas;
  };
  city.BADGE_FIRST = BADGE_FIRST;
})();
