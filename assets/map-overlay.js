/* What stands over the marks: cluster rings and the short texts of abnormal things. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const STOPPED = new Set([3, 4]); // lost, offline: their figures are struck through
  const MOST_LABELS = 90;
  const RING_PX = 13;
  const GAP_PX = 3;
  const TEXT_PX = 12;

  class Overlay {
    constructor(layer) {
      this.layer = layer;
      this.canvas = city.make("canvas", "map-texts");
      layer.map.getContainer().append(this.canvas);
      this.pen = this.canvas.getContext("2d");
      this.boxes = [];
      this.readInk();
    }

    readInk() {
      this.ink = city.inkReader();
      this.widths = new Map();
    }

    draw(now_s) {
      const { layer, pen, canvas } = this;
      if (!layer.origin) return;
      const { width, height } = layer.canvas;
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      pen.setTransform(layer.ratio, 0, 0, layer.ratio, 0, 0);
      pen.clearRect(0, 0, ...layer.view);
      this.boxes = [];
      this.movingTexts = false;
      for (const cluster of city.clusters) this.drawCluster(cluster);
      this.drawSelected(city.selectedThing, now_s);
      this.drawTexts(now_s);
    }

    screen(x, y) {
      const { origin, scale } = this.layer;
      return [origin.x + x * scale, origin.y + y * scale];
    }

    onScreen(x, y, margin = 30) {
      const [width, height] = this.layer.view;
      return x > -margin && y > -margin && x < width + margin && y < height + margin;
    }

    drawCluster(cluster) {
      const [x, y] = this.screen(cluster.x, cluster.y);
      cluster.at = [x, y];
      if (!this.onScreen(x, y)) return;
      const { pen, ink } = this;
      const count = cluster.members.length;
      const radius = (cluster.radius = RING_PX + Math.min(9, Math.log2(count) * 1.2));
      this.boxes.push([x - radius, y - radius - 4, x + radius + 4, y + radius]);
      this.disc(x, y, radius + 3, ink("--entity-edge"));
      this.disc(x, y, radius - 2, ink("--surface-1"));
      this.arcs(x, y, radius, cluster.levels, count);
      pen.fillStyle = ink("--ink-1");
      pen.font = `700 12px ${ink("--font-ui")}`;
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillText(count > 9999 ? `${Math.round(count / 1000)}k` : String(count), x, y + 0.5);
      if (cluster.worst > 0) this.cornerMark(x + radius * 0.75, y - radius * 0.8, cluster.worst);
    }

    disc(x, y, radius, colour) {
      this.pen.fillStyle = colour;
      this.pen.beginPath();
      this.pen.arc(x, y, radius, 0, 2 * Math.PI);
      this.pen.fill();
    }

    arcs(x, y, radius, levels, count) {
      const { pen, ink } = this;
      let from = -Math.PI / 2;
      pen.lineWidth = 3.5;
      for (const level of [1, 2, 3, 4, 0]) {
        if (!levels[level]) continue;
        const to = from + (levels[level] / count) * 2 * Math.PI;
        pen.strokeStyle = ink(level ? `--severity-${level}-edge` : "--series-muted");
        pen.beginPath();
        pen.arc(x, y, radius, from, to);
        pen.stroke();
        from = to;
      }
    }

    cornerMark(x, y, level) {
      this.pen.save();
      this.pen.translate(x, y);
      city.drawMark(this.pen, this.ink, level, false, 0.7);
      this.pen.restore();
    }

    // Worst first; a text that would cover another is left out, its mark stays.
    drawTexts(now_s) {
      const place = [0, 0];
      const { layer } = this;
      const waiting = [];
      for (let k = layer.drawn - 1; k >= 0 && waiting.length < MOST_LABELS; k--) {
        const i = layer.order[k];
        if (!city.things.level[i]) break;
        city.place(i, now_s, place);
        const [x, y] = this.screen(...place);
        if (i === city.selectedThing || !this.onScreen(x, y, 0)) continue;
        this.boxes.push([x - 10, y - 10, x + 10, y + 10]);
        waiting.push([i, x, y]);
        this.movingTexts ||= city.moves(i);
      }
      for (const [i, x, y] of waiting) this.drawText(city.shortText(i), x, y, STOPPED.has(city.things.state[i]));
    }

    // The chosen thing always has its name, and a thin line to the inspector.
    drawSelected(i, now_s) {
      if (!(i >= 0) || !city.visible(i)) return;
      const [x, y] = city.onScreen(this.layer, i, now_s);
      if (!this.onScreen(x, y, 0)) return;
      this.movingTexts ||= city.moves(i);
      this.drawTie(x, y);
      const text = [city.nameOf(i), city.things.level[i] ? city.shortText(i) : ""].filter(Boolean).join(" · ");
      const width = this.measure(text);
      const left = x + 26 + width > this.layer.view[0] ? x - 26 - width : x + 26;
      this.boxes.push(this.boxOf(left, y, width), [x - 20, y - 20, x + 20, y + 20]);
      this.drawCard(left - 6, y - 11, width + 12, 22);
      this.write(text, left, y, width, false);
    }

    drawCard(left, top, width, height) {
      const { pen, ink } = this;
      pen.fillStyle = ink("--surface-overlay");
      pen.strokeStyle = ink("--accent-line");
      pen.lineWidth = 1;
      pen.beginPath();
      pen.roundRect(left, top, width, height, 3);
      pen.fill();
      pen.stroke();
    }

    drawTie(x, y) {
      if (!this.inspector || innerWidth < 900) return;
      const [left, top, right, bottom] = this.inspector;
      const to = [Math.max(left, Math.min(x, right)), Math.max(top + 18, Math.min(y, bottom))];
      const away = Math.hypot(to[0] - x, to[1] - y);
      if (away < 30) return;
      const { pen } = this;
      pen.strokeStyle = this.ink("--accent");
      pen.lineWidth = 1;
      pen.beginPath();
      pen.moveTo(x + ((to[0] - x) / away) * 20, y + ((to[1] - y) / away) * 20);
      pen.lineTo(...to);
      pen.stroke();
    }

    measure(text) {
      if (!this.widths.has(text)) {
        if (this.widths.size > 5000) this.widths.clear();
        this.pen.font = `400 ${TEXT_PX}px ${this.ink("--font-ui")}`;
        this.widths.set(text, this.pen.measureText(text).width);
      }
      return this.widths.get(text);
    }

    drawText(text, x, y, struck) {
      if (!text) return;
      const width = this.measure(text);
      const spots = [[x + 15, y], [x - 15 - width, y], [x - width / 2, y + 21], [x - width / 2, y - 21]];
      const free = spots.find(([left, middle]) => this.isFree(left, middle, width));
      if (!free) return;
      this.boxes.push(this.boxOf(...free, width));
      this.write(text, ...free, width, struck);
    }

    boxOf(left, middle, width) {
      return [left - GAP_PX, middle - 9, left + width + GAP_PX, middle + 9];
    }

    isFree(left, middle, width) {
      const [a, b, c, d] = this.boxOf(left, middle, width);
      if (a < 4 || c > this.layer.view[0] - 4) return false;
      return this.boxes.every(([e, f, g, h]) => c <= e || a >= g || d <= f || b >= h);
    }

    write(text, left, middle, width, struck) {
      const { pen, ink } = this;
      pen.font = `400 ${TEXT_PX}px ${ink("--font-ui")}`;
      pen.textAlign = "left";
      pen.textBaseline = "middle";
      pen.lineJoin = "round";
      pen.lineWidth = 4;
      pen.strokeStyle = ink("--map-halo");
      pen.strokeText(text, left, middle);
      pen.fillStyle = ink("--ink-1");
      pen.fillText(text, left, middle);
      if (struck) pen.fillRect(left, middle, width, 1);
    }

    close() {
      this.canvas.remove();
    }
  }

  // 积水深度 22 cm: what the first quantity of the kind is called, and its value with its unit.
  city.shortText = (i) => {
    const { things } = city;
    const layer = things.layers[things.layer[i]];
    if (!layer || !Number.isFinite(things.value[i])) return city.named(layer ?? {});
    const name = city.named(layer, "quantity") || city.named(layer);
    return `${name} ${city.valueText(things.value[i], layer.unit)}`;
  };

  city.Overlay = Overlay;
})();
