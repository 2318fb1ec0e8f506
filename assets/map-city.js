/* The map itself: base map, the layer of things, what floats over them, and choosing a thing. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const REGROUP_MS = 1000;
  const EDGES_MS = 500;
  const TEXTS_MS = 160;
  const SEEN_MS = 500;
  const ROOM_PX = 24; // between what is docked over the map and a thing shown free

  class CityMap {
    constructor(box, props, setProps) {
      Object.assign(this, { box, props, setProps, selected: null, hovered: -1, cursor: -1, due: {} });
      city.selectedThing = -1;
      this.map = new maplibregl.Map({
        container: box.firstChild, style: city.basemap(), center: props.center, zoom: props.zoom,
        minZoom: 7, maxZoom: 19, attributionControl: false, keyboard: false, dragRotate: false,
        pitchWithRotate: false, touchPitch: false, renderWorldCopies: false, fadeDuration: 0,
        cancelPendingTileRequestsWhileZooming: false,
      });
      this.map.touchZoomRotate.disableRotation();
      this.map.on("error", ({ error }) => console.warn("base map:", error?.message));
      this.layer = new city.ThingLayer(this.map);
      this.overlay = new city.Overlay(this.layer);
      this.controls = new city.Controls(box, (name) => this[name]());
      this.controls.showCredit(props.credit ?? "");
      this.controls.showPlace(this.map.getCenter());
      this.listen();
      this.apply(props);
    }

    listen() {
      const { map, box } = this;
      map.on("render", () => this.paint());
      map.on("moveend", () => this.tellView());
      map.on("zoom", () => this.regroupSoon());
      map.on("click", (click) => this.click(click.point));
      map.on("dblclick", () => clearTimeout(this.clicking));
      map.on("mousemove", (move) => this.hover(move));
      map.on("mouseout", () => this.setHovered(-1));
      map.on("idle", () => city.fetchRareLetters(map));
      map.on("movestart", () => this.controls.hideList());
      box.addEventListener("keydown", (press) => this.press(press));
      box.addEventListener("blur", () => this.setCursor(-1), true);
      this.resizer = new ResizeObserver(() => map.resize());
      this.resizer.observe(box);
      this.unlisten = [
        city.on("frame", () => this.soon("regroup", REGROUP_MS, () => this.regroup()) ?? this.layer.wake()),
        city.on("drawn", (now_s) => this.paintTexts(now_s)),
        city.on("second", (now_ms) => this.age(now_ms)),
        city.on("who", (rows) => this.meet(rows)),
        city.on("hello", () => this.apply(this.props)),
        city.on("connection", () => this.setProps({ status: { connection: city.live.state } })),
        city.on("theme", () => this.restyle()),
        city.on("lang", () => this.restyle()),
      ];
    }

    // At most once per span, the last call counts.
    soon(name, wait_ms, act) {
      this.due[name] ??= setTimeout(() => {
        delete this.due[name];
        act();
      }, wait_ms);
    }

    paint() {
      const now_s = city.seconds();
      this.layer.draw(now_s);
      this.overlay.draw(now_s);
      this.controls.showScale(this.map);
      this.soon("edges", EDGES_MS, () => this.showEdges());
    }

    paintTexts(now_s) {
      const late = !this.textsAt || now_s - this.textsAt > TEXTS_MS / 1000;
      if (!this.textsDirty && !(this.overlay.movingTexts && late)) return;
      this.textsAt = now_s;
      this.textsDirty = false;
      this.overlay.draw(now_s);
    }

    regroup() {
      city.gatherClusters(this.map.getZoom());
      this.textsDirty = true;
      this.soon("edges", EDGES_MS, () => this.showEdges());
      this.layer.wake();
    }

    regroupSoon() {
      this.soon("zoomed", 120, () => this.regroup());
    }

    age(now_ms) {
      if (city.live.state === "lost") return;
      city.things.still = city.still();
      city.ageThings(now_ms / 1000);
      this.textsDirty = true;
      this.layer.wake();
    }

    restyle() {
      this.map.setStyle(city.basemap());
      this.layer.repaintAll();
      this.overlay.readInk();
      this.controls.rename();
      this.box.setAttribute("aria-label", city.text("map"));
      this.textsDirty = true;
      this.layer.wake();
    }

    apply(props) {
      this.props = props;
      const hidden = new Set(props.hidden ?? []);
      Object.assign(city.things, { hidden, onlyAbnormal: Boolean(props.abnormalOnly), reordered: true });
      this.controls.showCredit(props.credit ?? "");
      city.look({ hidden });
      if (props.selected !== this.selected) this.select(props.selected ?? null, false);
      this.regroup();
      this.writeView();
    }

    tellView() {
      const { lng, lat } = this.map.getCenter();
      const bbox = this.map.getBounds().toArray().flat();
      if (!this.box.matches(":hover")) this.controls.showPlace({ lng, lat });
      this.view = { center: [lng, lat], zoom: this.map.getZoom() };
      this.setProps({ viewport: { ...this.view, bbox } });
      city.look({ bbox });
      this.writeView();
    }

    writeView() {
      const { hidden, abnormalOnly } = this.props;
      city.writeView({ ...this.view, hidden, abnormalOnly, selected: this.selected });
    }

    /* choosing */

    click(point) {
      this.controls.hideList();
      const i = city.pick(this.layer, point.x, point.y);
      if (i >= 0) return this.choose(i);
      const cluster = city.pickCluster(point.x, point.y);
      if (cluster) return this.openCluster(cluster);
      this.clicking = setTimeout(() => this.select(null, true), 250);
    }

    openCluster(cluster) {
      const camera = this.map.cameraForBounds(city.clusterBounds(cluster), { padding: 90, maxZoom: 18 });
      if (camera.zoom < this.map.getZoom() + 0.4) {
        city.who(cluster.members.slice(0, 40));
        return this.controls.showList(cluster, (i) => this.choose(i));
      }
      this.map.easeTo({ ...camera, duration: city.still() ? 0 : 400 });
    }

    // The id of a thing may have to be asked for; the answer comes by "who".
    choose(i) {
      const row = city.live.known.get(i);
      this.wanted = row ? null : i;
      if (row) this.select(row.id, true);
      else city.who([i]);
    }

    select(id, tell) {
      this.selected = id;
      city.follow(id);
      const known = id && [...city.live.known.values()].find((row) => row.id === id);
      this.point(known ? known.index : -1);
      if (tell) this.setProps({ selected: id });
      this.writeView();
    }

    meet(rows) {
      for (const row of rows) {
        if (row.index === this.wanted) this.choose(row.index);
        else if (row.id === this.selected && city.selectedThing !== row.index) this.point(row.index);
      }
      if (this.hovered >= 0) this.controls.showTip(this.hovered, ...this.pointer);
      this.soon("edges", EDGES_MS, () => this.showEdges());
    }

    // Brought into view when its card stands, which may cover it.
    point(i) {
      city.selectedThing = i;
      this.setRings();
      if (i >= 0) this.soon("seen", SEEN_MS, () => this.bringIntoView(city.selectedThing));
      this.regroup();
    }

    // What stands over the map, as boxes in its own pixels.
    boxesOf(selector) {
      const base = this.box.getBoundingClientRect();
      const boxes = [...document.querySelectorAll(selector)].map((panel) => panel.getBoundingClientRect());
      return boxes.filter((box) => box.width && box.left < base.right && box.top < base.bottom)
        .map((box) => [box.left - base.left, box.top - base.top, box.right - base.left, box.bottom - base.top]);
    }

    // The part of the map that a floating panel at its right, or a sheet at its bottom, leaves free.
    freeFrame() {
      const [width, height] = [this.box.clientWidth, this.box.clientHeight];
      const panels = this.boxesOf("[data-over-map]");
      const right = Math.min(width, ...panels.map(([left]) => left).filter((left) => left > width / 3));
      const sheets = panels.filter(([left]) => left <= width / 3).map(([, top]) => top);
      const bottom = Math.min(height, ...sheets.filter((top) => top > height / 5));
      return [ROOM_PX, ROOM_PX, right - ROOM_PX, bottom - ROOM_PX];
    }

    bringIntoView(i) {
      if (i < 0 || !city.present(i) || !city.things.origin) return;
      this.layer.view ?? this.layer.resize();
      this.layer.point();
      const [x, y] = city.onScreen(this.layer, i, city.seconds());
      const [left, top, right, bottom] = this.freeFrame();
      if (x > left && x < right && y > top && y < bottom) return;
      this.map.panBy([x - (left + right) / 2, y - (top + bottom) / 2], { duration: city.still() ? 0 : 400 });
    }

    setRings() {
      const rings = [[city.selectedThing, city.SPRITE.selected]];
      for (const i of new Set([this.hovered, this.cursor])) rings.push([i, city.SPRITE.hovered]);
      this.layer.rings = rings.filter(([i]) => i >= 0);
      this.layer.wake();
    }

    /* pointer and keyboard */

    hover({ point, lngLat }) {
      this.pointer = [point.x, point.y];
      this.controls.showPlace(lngLat);
      const i = city.pick(this.layer, point.x, point.y);
      const overCluster = i < 0 && city.pickCluster(point.x, point.y);
      this.map.getCanvas().style.cursor = i >= 0 || overCluster ? "pointer" : "";
      this.setHovered(i);
    }

    setHovered(i) {
      const changed = i !== this.hovered;
      this.hovered = i;
      if (i >= 0) city.who([i]);
      this.controls.showTip(i, ...(this.pointer ?? [0, 0]));
      if (changed) this.setRings();
    }

    setCursor(i) {
      this.cursor = i;
      this.setRings();
      if (i < 0) return;
      city.who([i]);
      this.layer.point();
      this.pointer = city.onScreen(this.layer, i, city.seconds());
      this.controls.showTip(i, ...this.pointer);
      const { name, kind, level, value, state } = city.describe(i);
      city.fill(this.box.querySelector("[role=status]"), [name, kind, level, value, state].filter(Boolean).join(", "));
    }

    press(press) {
      if (press.target !== this.box || press.altKey || press.ctrlKey || press.metaKey) return;
      const direction = city.directionOf(press.key);
      if (direction && press.shiftKey) this.map.panBy(direction.map((step) => step * 120));
      else if (direction) this.setCursor(city.nextThing(this.layer, this.cursor, direction));
      else if (press.key === "Enter" && this.cursor >= 0) this.choose(this.cursor);
      else if (press.key === "Escape" && this.selected) this.select(null, true);
      else return;
      press.preventDefault();
    }

    zoomIn() { this.map.zoomIn(); }
    zoomOut() { this.map.zoomOut(); }
    fit() {
      const { bounds, center, zoom } = this.props;
      if (!bounds) return this.map.easeTo({ center, zoom });
      const [west, south, east, north] = bounds;
      return this.map.fitBounds([[west, south], [east, north]], { padding: 40 });
    }

    showEdges() {
      if (!city.things.origin || !this.layer.origin) return;
      const panels = this.boxesOf("[data-over-map]");
      this.overlay.inspector = panels[0];
      const tools = this.boxesOf(".map-tools, .map-chips > *");
      this.controls.showEdges(this.layer, panels, tools, (i) => this.choose(i));
      const named = this.layer.order.slice(Math.max(0, this.layer.drawn - 40), this.layer.drawn);
      city.who([...named].filter((i) => city.things.level[i] && city.things.level[i] < 3));
    }

    close() {
      this.unlisten.forEach((stop) => stop());
      Object.values(this.due).forEach(clearTimeout);
      this.resizer.disconnect();
      this.overlay.close();
      this.layer.close();
      this.map.remove();
      city.disconnect();
    }
  }

  city.CityMap = CityMap;
})();
