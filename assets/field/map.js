/* A light map of our own: coast, water and roads on a canvas, the way to go, the place, oneself. */
(() => {
  "use strict";
  const field = window.field;
  const LAYERS = ["land", "water", "roads", "places"];
  const ROADS = [["tertiary", 1.2, "--map-road-3"], ["secondary", 2, "--map-road-2"], ["primary", 3, "--map-road-1"], ["trunk", 3, "--map-road-1"]];
  const NARROW_BELOW = 30000; // pixels per degree under which lines are drawn at their thinnest
  const MOST_SCALE = 4e6;
  const EDGE_PX = 36;
  let ground = null;

  // Web Mercator in degrees of longitude: round things stay round.
  const up = (lat) => (Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) * 180) / Math.PI;

  const down = (y) => (Math.atan(Math.exp((y * Math.PI) / 180)) * 360) / Math.PI - 90;

  function loadGround() {
    ground ??= Promise.all(LAYERS.map((name) =>
      fetch(`/city/${name}.geojson`).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null)
    )).then((found) => Object.fromEntries(LAYERS.map((name, k) => [name, shapes(found[k])])));
    ground.then((layers) => { if (!layers.roads.length) ground = null; });
    return ground;
  }

  const shapes = (told) => (told?.features ?? []).map((one) => ({ ...one.properties, ...lines(one.geometry) }));

  function lines({ type, coordinates }) {
    const rings = { Point: [[coordinates]], LineString: [coordinates], MultiLineString: coordinates, Polygon: coordinates,
      MultiPolygon: coordinates.flat?.() }[type] ?? [];
    const flat = rings.map((ring) => ring.map(([lon, lat]) => [lon, up(lat)]));
    return { rings: flat, box: boxOf(flat.flat()) };
  }

  function boxOf(points) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [x, y] of points) {
      if (x < box[0]) box[0] = x;
      if (y < box[1]) box[1] = y;
      if (x > box[2]) box[2] = x;
      if (y > box[3]) box[3] = y;
    }
    return box;
  }

  class FieldMap {
    constructor(canvas, isFree) {
      Object.assign(this, { canvas, marks: [], routes: [], x: 0, y: 0, scale: 1 });
      this.pen = canvas.getContext("2d");
      this.resizer = new ResizeObserver(() => this.resize());
      this.resizer.observe(canvas);
      if (isFree) field.handleMap(this);
      loadGround().then((layers) => { this.layers = layers; this.draw(); });
    }

    resize() {
      const { clientWidth: width, clientHeight: height } = this.canvas;
      if (!width || !height) return;
      this.dpr = Math.min(3, devicePixelRatio || 1);
      Object.assign(this, { width, height });
      Object.assign(this.canvas, { width: Math.round(width * this.dpr), height: Math.round(height * this.dpr) });
      if (!this.isMoved) this.fit();
      this.draw();
    }

    // `marks`: {pos, draw(pen, x, y)}, `routes`: {points, isStraight}; the view holds all of them.
    show(marks, routes) {
      Object.assign(this, { marks, routes });
      if (this.width && !this.isMoved) this.fit();
      this.draw();
    }

    fit() {
      const points = [...this.marks.filter((one) => !one.isBeside).map((one) => one.pos), ...this.routes.flatMap((one) => one.points)];
      if (!points.length || !this.width) return;
      const [west, south, east, north] = boxOf(points.map(([lon, lat]) => [lon, up(lat)]));
      Object.assign(this, { x: (west + east) / 2, y: (south + north) / 2 });
      const room = (pixels, degrees) => (pixels - 2 * EDGE_PX) / Math.max(degrees, 0.004);
      this.scale = Math.min(room(this.width, east - west), room(this.height, north - south), MOST_SCALE);
    }

    screen([lon, lat]) { return this.at(lon, up(lat)); }
    at(x, y) { return [this.width / 2 + (x - this.x) * this.scale, this.height / 2 - (y - this.y) * this.scale]; }

    zoom(factor, x = this.width / 2, y = this.height / 2) {
      const scale = Math.max(300, Math.min(MOST_SCALE, this.scale * factor));
      const [dx, dy] = [x - this.width / 2, y - this.height / 2];
      this.x += dx / this.scale - dx / scale;
      this.y -= dy / this.scale - dy / scale;
      Object.assign(this, { scale, isMoved: true });
      this.draw();
      this.onMove?.(this.centre());
    }

    pan(dx, dy) {
      this.x -= dx / this.scale;
      this.y += dy / this.scale;
      this.isMoved = true;
      this.draw();
      this.onMove?.(this.centre());
    }

    centre() { return [this.x, down(this.y)]; }

    reset() {
      this.isMoved = false;
      this.fit();
      this.draw();
    }

    // At most once in a frame, however many ask.
    draw() {
      this.frame ??= requestAnimationFrame(() => {
        this.frame = null;
        if (this.width) this.paint();
      });
    }

    paint() {
      const { pen, dpr } = this;
      const style = getComputedStyle(document.documentElement);
      this.ink = (name) => style.getPropertyValue(name);
      pen.setTransform(dpr, 0, 0, dpr, 0, 0);
      pen.lineJoin = pen.lineCap = "round";
      pen.fillStyle = this.ink("--map-sea");
      pen.fillRect(0, 0, this.width, this.height);
      if (this.layers) this.paintGround();
      this.routes.forEach((route) => this.paintRoute(route));
      if (this.layers) field.nameRoads(this);
      this.marks.forEach((mark) => mark.draw(pen, ...this.screen(mark.pos), this.ink));
    }

    paintGround() {
      const { layers, pen } = this;
      this.area(layers.land, "--map-land");
      this.area(layers.water, "--map-water");
      const wider = Math.max(1, Math.min(3, Math.sqrt(this.scale / NARROW_BELOW)));
      for (const [rank, width, colour] of ROADS) {
        if (rank === "tertiary" && this.scale < NARROW_BELOW / 4) continue;
        Object.assign(pen, { strokeStyle: this.ink(colour), lineWidth: width * wider });
        this.trace(layers.roads.filter((one) => one.class === rank));
        pen.stroke();
      }
    }

    area(found, colour) {
      this.pen.fillStyle = this.ink(colour);
      this.trace(found.filter((one) => one.rings.length));
      this.pen.fill("evenodd");
    }

    trace(found) {
      this.pen.beginPath();
      for (const { rings, box } of found) {
        if (!this.sees(box)) continue;
        for (const ring of rings) ring.forEach(([x, y], k) => this.pen[k ? "lineTo" : "moveTo"](...this.at(x, y)));
      }
    }

    sees([west, south, east, north]) {
      const [x, y] = [this.width / 2 / this.scale, this.height / 2 / this.scale];
      return west < this.x + x && east > this.x - x && south < this.y + y && north > this.y - y;
    }

    paintRoute({ points, isStraight, colour = "--accent" }) {
      const { pen } = this;
      for (const [width, ink] of [[9, "--map-halo"], [5.5, colour]]) {
        pen.beginPath();
        points.forEach((point, k) => pen[k ? "lineTo" : "moveTo"](...this.screen(point)));
        Object.assign(pen, { lineWidth: width, strokeStyle: this.ink(ink) });
        pen.setLineDash(isStraight ? [2, 10] : []);
        pen.stroke();
      }
      pen.setLineDash([]);
    }

    close() { this.resizer.disconnect(); }
  }

  field.FieldMap = FieldMap;
})();
