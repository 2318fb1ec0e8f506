/* What stands around the map: tools, scale and coordinates, edge pointers, hover card, list of a cluster. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const SCALE_PX = 100;
  const MOST_POINTERS = 6;
  const EDGE_PX = 12;
  const GAP_PX = 6;
  const LOW_PX = 40; // the credit line stays free
  const MOST_ROWS = 40;
  const TOOLS = [["zoomIn", "+", "M8 3v10M3 8h10"], ["zoomOut", "-", "M3 8h10"], ["fit", "*", "M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3"]];

  function icon(path) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("aria-hidden", "true");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }

  function toolButton([name, key, path], act) {
    const button = city.make("button", "icon-button");
    button.type = "button";
    button.dataset.key = key;
    button.append(icon(path));
    button.onclick = () => act(name);
    return button;
  }

  class Controls {
    constructor(box, act) {
      this.box = box;
      this.tools = city.make("div", "map-tools");
      this.tools.setAttribute("role", "group");
      this.tools.append(...TOOLS.map((tool) => toolButton(tool, act)));
      this.credit = city.make("div", "map-credit");
      this.scale = city.make("span", "map-scale");
      this.scaleText = city.make("span", "map-scale-text num");
      this.place = city.make("span", "map-place num");
      this.source = city.make("span", "map-source");
      this.credit.append(this.scale, this.scaleText, this.place, this.source);
      this.edges = city.make("div", "map-edges");
      this.tip = city.make("div", "map-tip float");
      this.list = city.make("div", "map-list float");
      this.tip.hidden = this.list.hidden = true;
      box.append(this.tools, this.credit, this.edges, this.tip, this.list);
      this.rename();
    }

    rename() {
      this.tools.setAttribute("aria-label", city.text("tools"));
      this.tools.querySelectorAll("button").forEach((button, k) => {
        const [name, key] = TOOLS[k];
        button.setAttribute("aria-label", city.text(name));
        button.title = `${city.text(name)}  ${key}`;
      });
    }

    showCredit(text) {
      city.fill(this.source, text);
    }

    showScale(map) {
      const { lat } = map.getCenter();
      const perPixel = (40075016.686 * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** map.getZoom());
      const most = perPixel * SCALE_PX;
      const power = 10 ** Math.floor(Math.log10(most));
      const metres = [5, 2, 1].map((n) => n * power).find((n) => n <= most) ?? power;
      this.scale.style.width = `${metres / perPixel}px`;
      city.fill(this.scaleText, metres < 1000 ? `${metres} m` : `${metres / 1000} km`);
    }

    showPlace({ lng, lat }) {
      city.fill(this.place, `${Math.abs(lng).toFixed(4)} ${lng < 0 ? "W" : "E"}  ${Math.abs(lat).toFixed(4)} ${lat < 0 ? "S" : "N"}`);
    }

    showTip(i, x, y) {
      this.tip.hidden = i < 0;
      if (i < 0) return;
      this.tip.replaceChildren(...tipLines(i));
      const { clientWidth: width, clientHeight: height } = this.box;
      const left = x + 16 + this.tip.offsetWidth > width ? x - 14 - this.tip.offsetWidth : x + 16;
      const top = Math.min(y + 12, height - this.tip.offsetHeight - 8);
      this.tip.style.transform = `translate(${Math.max(4, left)}px, ${top}px)`;
    }

    // A cluster that cannot be split by zooming opens as a list.
    showList(cluster, choose) {
      const rows = cluster.members.slice(0, MOST_ROWS).map((i) => listRow(i, () => {
        this.hideList();
        choose(i);
      }));
      const head = city.make("div", "map-list-head", `${city.text("near")} · ${city.text("items", { n: cluster.members.length })}`);
      this.list.replaceChildren(head, ...rows);
      this.list.hidden = false;
      const [x, y] = cluster.at;
      const { clientWidth: width, clientHeight: height } = this.box;
      const left = Math.min(x + 18, width - this.list.offsetWidth - 8);
      const top = Math.min(y - 10, height - this.list.offsetHeight - 8);
      this.list.style.transform = `translate(${Math.max(8, left)}px, ${Math.max(8, top)}px)`;
      rows[0]?.focus();
    }

    hideList() {
      this.list.hidden = true;
    }

    showEdges(layer, panels, tools, go) {
      if (this.edges.matches(":hover, :focus-within")) return; // nothing moves under the pointer
      const frame = [EDGE_PX, EDGE_PX, this.box.clientWidth - EDGE_PX, this.box.clientHeight - EDGE_PX];
      const pointers = offScreen(layer, frame, panels).slice(0, MOST_POINTERS).map((one) => edgePointer(one, go));
      this.edges.replaceChildren(...pointers);
      spread(pointers, [...panels, ...tools]);
    }
  }

  city.nameOf = (i) => {
    const row = city.live.known.get(i);
    const layer = city.things.layers[city.things.layer[i]] ?? {};
    return row?.name || row?.id || city.named(layer);
  };

  const STATES = ["fresh", "late", "stale", "goneQuiet", "switchedOff", "online"];
  city.describe = (i) => {
    const { things } = city;
    const layer = things.layers[things.layer[i]] ?? {};
    const level = things.level[i] ? city.text("level", { level: city.ROMAN[things.level[i]] }) : "";
    const uncertain = things.flags[i] & 1 ? city.text("uncertain") : "";
    const age = things.observed[i] ? city.text("age", { age: city.ageText(city.now() / 1000 - things.observed[i]) }) : "";
    const value = Number.isFinite(things.value[i]) ? city.shortText(i) : "";
    return { name: city.nameOf(i), kind: city.named(layer), level, value, age, state: city.text(STATES[things.state[i]] ?? "fresh"), uncertain };
  };

  function tipLines(i) {
    const { name, kind, level, value, age, state, uncertain } = city.describe(i);
    const join = (...parts) => parts.filter(Boolean).join(" · ");
    const lines = [["strong", name], ["", join(level, value)], ["meta", join(name === kind ? "" : kind, state, age, uncertain)]];
    return lines.filter(([, text]) => text).map(([style, text]) => city.make("div", style, text));
  }

  function listRow(i, choose) {
    const { name, value, age } = city.describe(i);
    const row = city.make("button", "map-list-row");
    row.type = "button";
    row.append(severityMark(city.things.level[i]), city.make("span", "clip", name), city.make("span", "meta num", value || age));
    row.onclick = choose;
    return row;
  }

  function severityMark(level) {
    return city.make("span", `mark is-level-${level}`, level ? String(level) : "");
  }

  // Levels Ⅰ and Ⅱ outside the map or under a panel, the worst and nearest first.
  function offScreen(layer, [left, top, right, bottom], covers) {
    const covered = (x, y) => covers.some(([l, t, r, b]) => x > l && x < r && y > t && y < b);
    const now_s = city.seconds();
    const rows = [];
    for (let k = layer.drawn - 1; k >= 0; k--) {
      const i = layer.order[k];
      if (!city.things.level[i] || city.things.level[i] > 2) break;
      const [x, y] = city.onScreen(layer, i, now_s);
      if (x >= left && x <= right && y >= top && y <= bottom && !covered(x, y)) continue;
      rows.push(pointerTo(layer, i, x, y, [left, top, right, bottom]));
    }
    return rows.sort((a, b) => a.level - b.level || a.away - b.away);
  }

  function pointerTo(layer, i, x, y, [left, top, right, bottom]) {
    const [cx, cy] = [(left + right) / 2, (top + bottom) / 2];
    const wide = (x < cx ? cx - left : right - cx) / Math.abs(x - cx || 1e-9);
    const high = (y < cy ? cy - top : bottom - cy) / Math.abs(y - cy || 1e-9);
    const share = Math.min(1, wide, high);
    const metres = (Math.hypot(x - cx, y - cy) / layer.scale) * city.things.metres;
    return { i, level: city.things.level[i], away: metres, x: cx + (x - cx) * share, y: cy + (y - cy) * share, angle: Math.atan2(y - cy, x - cx) };
  }

  const ARROWS = ["→", "↘", "↓", "↙", "←", "↖", "↑", "↗"];
  function edgePointer({ i, level, away, x, y, angle }, go) {
    const button = city.make("button", `edge-pointer float`);
    button.type = "button";
    const arrow = ARROWS[(Math.round(angle / (Math.PI / 4)) + 8) % 8];
    button.append(severityMark(level), city.make("span", "", arrow), city.make("span", "clip", city.nameOf(i)), city.make("span", "meta num", city.distanceText(away)));
    button.dataset.x = x;
    button.dataset.y = y;
    button.onclick = () => go(i);
    return button;
  }

  // Kept inside the map, off panels and tools and off one another: pushed towards the middle, or back.
  function spread(pointers, covers) {
    const taken = covers.map(([left, top, right, bottom]) => [left - GAP_PX, top, right + GAP_PX, bottom]);
    for (const button of pointers) {
      const { offsetWidth: width, offsetHeight: height, parentElement: box } = button;
      const within = (at, size, room) => Math.max(EDGE_PX, Math.min(Number(at) - size / 2, room - size));
      const left = within(button.dataset.x, width, box.clientWidth - EDGE_PX);
      const start = within(button.dataset.y, height, box.clientHeight - LOW_PX);
      const blocks = taken.filter(([l, , r]) => left < r && left + width > l);
      const down = start < box.clientHeight / 2;
      const tries = [down, !down].map((way) => freeOf(blocks, start, height, way));
      const top = tries.find((at) => at >= EDGE_PX && at + height <= box.clientHeight - LOW_PX);
      button.hidden = top === undefined; // the list tells of it too
      if (button.hidden) continue;
      taken.push([left, top, left + width, top + height]);
      button.style.transform = `translate(${left}px, ${top}px)`;
    }
  }

  function freeOf(blocks, start, height, down) {
    let top = start;
    const hit = () => blocks.find(([, t, , b]) => top < b + GAP_PX && top + height > t - GAP_PX);
    for (let block = hit(), k = 0; block && k < 12; block = hit(), k++) {
      top = down ? block[3] + GAP_PX : block[1] - GAP_PX - height;
    }
    return top;
  }

  city.Controls = Controls;
})();
