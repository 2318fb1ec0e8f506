/* Everything the map knows about things: typed arrays filled straight from the socket's frames. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const HEADER_BYTES = 24;
  const SNAPSHOT = 1;
  const GONE = 3;
  const ABSENT = 255;
  const OFFLINE = 4;
  const ONLINE = 5;
  const MOVES = 2;
  const JUMP_M = 500;
  const EARTH_M = 40075016.686;
  const RADIANS = Math.PI / 180;
  city.GLIDE_S = 0.9;

  city.mercatorX = (lon) => (lon + 180) / 360;
  city.mercatorY = (lat) => 0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * RADIANS) / 2)) / (2 * Math.PI);
  city.longitude = (x) => x * 360 - 180;
  city.latitude = (y) => (2 * Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) - Math.PI / 2) / RADIANS;

  // name, constructor, values per thing. motion = x, y before; x, y now; second of the last fix.
  const COLUMNS = [
    ["layer", Uint8Array, 1], ["level", Uint8Array, 1], ["told", Uint8Array, 1], ["state", Uint8Array, 1],
    ["flags", Uint8Array, 1], ["status", Uint8Array, 1], ["heading", Uint16Array, 1],
    ["period", Uint16Array, 1], ["observed", Uint32Array, 1], ["value", Float32Array, 1],
    ["motion", Float32Array, 5], ["grouped", Uint8Array, 1], ["look", Uint8Array, 4],
  ];

  const things = (city.things = {
    size: 0, end: 0, count: 0, layers: [], hidden: new Set(), onlyAbnormal: false,
    origin: null, moved: false, dressed: false, reordered: false, glideUntil: 0, marks: 0,
  });

  function grow(size) {
    for (const [name, Kind, width] of COLUMNS) {
      const wider = new Kind(size * width);
      if (name === "layer") wider.fill(ABSENT);
      if (things[name]) wider.set(things[name]);
      things[name] = wider;
    }
    things.size = size;
  }

  city.clearThings = () => {
    Object.assign(things, { end: 0, count: 0, origin: null, reordered: true, moved: true });
    things.layer.fill(ABSENT);
  };

  city.seconds = () => performance.now() / 1000;
  city.present = (i) => i < things.end && things.layer[i] !== ABSENT;
  city.visible = (i) =>
    city.present(i) &&
    !things.hidden.has(things.layers[things.layer[i]]?.name) &&
    (!things.onlyAbnormal || things.level[i] > 0);

  // Where thing i is drawn now: on the way from its fix before to its newest fix, never beyond.
  city.place = (i, now_s, out) => {
    const m = things.motion;
    const at = i * 5;
    const share = Math.min(1, Math.max(0, (now_s - m[at + 4]) / city.GLIDE_S));
    out[0] = m[at] + (m[at + 2] - m[at]) * share;
    out[1] = m[at + 1] + (m[at + 3] - m[at + 1]) * share;
    return out;
  };

  const here = [0, 0];
  function move(i, x, y, now_s, known) {
    const m = things.motion;
    const at = i * 5;
    if (known && m[at + 2] === Math.fround(x) && m[at + 3] === Math.fround(y)) return;
    const jump = Math.hypot(x - m[at + 2], y - m[at + 3]) * things.metres;
    const glides = known && jump <= JUMP_M && !things.still;
    if (glides) city.place(i, now_s, here);
    m[at] = glides ? here[0] : x;
    m[at + 1] = glides ? here[1] : y;
    m[at + 2] = x;
    m[at + 3] = y;
    m[at + 4] = now_s;
    things.moved = true;
    if (glides) things.glideUntil = now_s + city.GLIDE_S;
  }

  function setOrigin(lon, lat) {
    things.origin = [city.mercatorX(lon), city.mercatorY(lat)];
    things.metres = EARTH_M * Math.cos(lat * RADIANS);
  }

  function readSection(buffer, view, start) {
    const count = view.getUint32(start + 4, true);
    let at = start + HEADER_BYTES;
    const column = (Kind) => {
      const values = new Kind(buffer, at, count);
      at += (count * Kind.BYTES_PER_ELEMENT + 3) & ~3;
      return values;
    };
    return {
      type: view.getUint8(start), layer: view.getUint8(start + 1), count, column,
      time: view.getFloat64(start + 8, true), end: start + HEADER_BYTES + view.getUint32(start + 20, true),
    };
  }

  function forget(i) {
    if (!city.present(i)) return;
    things.layer[i] = ABSENT;
    things.count -= 1;
    things.reordered = true;
  }

  function forgetLayer(layer, keep) {
    for (let i = 0; i < things.end; i++) if (things.layer[i] === layer && !keep.has(i)) forget(i);
  }

  const read = (column) => ({
    index: column(Uint32Array), lon: column(Int32Array), lat: column(Int32Array),
    observed: column(Uint32Array), heading: column(Uint16Array), period: column(Uint16Array),
    value: column(Float32Array), level: column(Uint8Array), state: column(Uint8Array),
    flags: column(Uint8Array), status: column(Uint8Array),
  });

  function settle(i, j, rows, layer) {
    if (things.layer[i] !== layer || things.level[i] !== rows.level[j]) things.reordered = true;
    if (things.layer[i] === ABSENT) things.count += 1;
    things.layer[i] = layer;
    things.level[i] = rows.level[j];
    things.told[i] = rows.state[j];
    things.flags[i] = rows.flags[j];
    things.status[i] = rows.status[j];
    things.heading[i] = rows.heading[j];
    things.period[i] = rows.period[j];
    things.observed[i] = rows.observed[j];
    things.value[i] = rows.value[j];
  }

  function put(section) {
    const rows = read(section.column);
    const now_s = city.seconds();
    const server_s = city.now() / 1000;
    if (section.type === SNAPSHOT) forgetLayer(section.layer, new Set(rows.index));
    if (section.count && !things.origin) setOrigin(rows.lon[0] / 1e7, rows.lat[0] / 1e7);
    for (let j = 0; j < section.count; j++) {
      const i = rows.index[j];
      if (i >= things.size) grow(Math.max(1024, 2 ** Math.ceil(Math.log2(i + 1))));
      const known = city.present(i);
      if (i >= things.end) things.end = i + 1;
      settle(i, j, rows, section.layer);
      const x = city.mercatorX(rows.lon[j] / 1e7) - things.origin[0];
      move(i, x, city.mercatorY(rows.lat[j] / 1e7) - things.origin[1], now_s, known);
      city.dress(i, server_s);
    }
    things.dressed = true;
  }

  city.hearFrame = (buffer) => {
    const view = new DataView(buffer);
    let at = 0;
    while (at + HEADER_BYTES <= buffer.byteLength) {
      const section = readSection(buffer, view, at);
      city.hearTime(section.time);
      if (section.type === GONE) section.column(Uint32Array).forEach(forget);
      else put(section);
      at = section.end;
    }
    city.tell("frame");
  };

  // State by age as the server judges it; what the server was told itself (offline) stands above.
  city.stateNow = (i, server_s) => {
    if (things.told[i] === OFFLINE || !things.observed[i]) return things.told[i]; // 0: has not measured yet
    const aged = city.freshness(server_s - things.observed[i], things.period[i]);
    if (aged || !things.period[i]) return aged || things.told[i];
    return things.told[i] === ONLINE ? ONLINE : 0;
  };

  city.ageThings = (server_s) => {
    for (let i = 0; i < things.end; i++) if (things.layer[i] !== ABSENT) city.dress(i, server_s);
    things.dressed = true;
  };

  city.moves = (i) => (things.flags[i] & MOVES) !== 0;
  grow(1024);
  things.layer.fill(ABSENT);
})();
