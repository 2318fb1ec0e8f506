/* The live socket: one per page. Frames go to the things, pulses to Dash, status to the bar. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const WAITS_S = [1, 2, 5, 10, 20];
  const SILENCE_MS = 6000; // the server speaks at least once a second
  const LOOK_WAIT_MS = 250;
  const SEAT_IS_OVER = 4401; // the session ended: asking again is of no use
  const MANY_THINGS = 30000; // above this, only what is near the view is asked for
  const live = (city.live = { state: "connecting", attempt: 0, heard_ms: 0, lostAt: 0, retryAt: 0, known: new Map() });
  let socket = null;
  let address = "";
  let watchman = 0;
  let retry = 0;
  const wanted = { layers: null, bbox: null };
  let followed = null;
  let epoch = null;

  // `layers`: names of the map's layers that are wanted, null for all of them.
  city.connect = (path, layers = null) => {
    city.disconnect();
    wanted.layers = layers;
    address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
    watchman = setInterval(watch, 1000);
    open();
  };

  city.disconnect = () => {
    clearInterval(watchman);
    clearTimeout(retry);
    if (socket) socket.onclose = null;
    socket?.close();
    socket = null;
  };

  function open() {
    live.retryAt = 0;
    live.heard_ms = Date.now();
    socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => {
      live.heard_ms = Date.now();
      if (typeof data === "string") hear(JSON.parse(data));
      else city.hearFrame(data);
    };
    socket.onclose = lose;
  }

  function say(message) {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  function tellState(state) {
    live.state = state;
    document.documentElement.dataset.connection = state;
    city.tell("connection", live);
  }

  function lose(event) {
    if (socket) socket.onclose = null;
    if (live.state !== "lost") live.lostAt = Date.now();
    if (event?.code === SEAT_IS_OVER) {
      city.seatIsOver?.();
      return tellState("lost");
    }
    const wait_s = WAITS_S[Math.min(live.attempt, WAITS_S.length - 1)] * (0.8 + 0.4 * Math.random());
    live.attempt += 1;
    live.retryAt = Date.now() + wait_s * 1000;
    retry = setTimeout(open, wait_s * 1000);
    tellState("lost");
  }

  // A cable that is pulled closes nothing: silence counts as loss.
  function watch() {
    if (!socket || live.retryAt || Date.now() - live.heard_ms < SILENCE_MS) return;
    const silent = socket;
    lose();
    silent.close();
  }

  city.frozenAt = () => (live.state === "lost" ? live.lostAt + city.clockOffset() : null);

  const HEARD = {
    hello: greet,
    pulse: passPulses,
    who: learn,
    status: (status) => {
      live.entities = status.entities;
      city.tell("status", status);
    },
    reading: (reading) => {
      city.tell("reading", reading);
      city.setProps("live-reading", { data: reading });
    },
  };

  function hear(message) {
    for (const [word, fact] of Object.entries(message)) HEARD[word]?.(fact);
  }

  function greet(hello) {
    const gone_ms = live.state === "lost" ? Date.now() - live.lostAt : 0;
    city.hearTime(hello.time);
    if (epoch !== null && epoch !== hello.epoch) startAfresh();
    epoch = hello.epoch;
    city.things.layers = hello.layers;
    live.attempt = 0;
    tellState("live");
    if (gone_ms) city.tell("recovered", gone_ms / 1000);
    city.tell("hello", hello);
    sendLook();
    if (followed) say({ follow: followed });
  }

  // Another server numbers its things anew.
  function startAfresh() {
    city.clearThings();
    live.known.clear();
  }

  function passPulses(pulses) {
    for (const [name, version] of Object.entries(pulses)) city.setProps(`pulse-${name}`, { data: version });
  }

  function learn(rows) {
    for (const row of rows) live.known.set(row.index, row);
    city.tell("who", rows);
  }

  function sendLook() {
    const layers = wanted.layers ?? city.things.layers.map((layer) => layer.name);
    const bbox = (live.entities ?? 0) > MANY_THINGS ? wanted.bbox : null;
    const look = JSON.stringify({ layers, bbox });
    if (look === live.looked?.text && socket === live.looked.socket) return;
    live.looked = { text: look, socket };
    say({ look: { layers, bbox } });
  }
  const sendLookSoon = city.later(LOOK_WAIT_MS, sendLook);

  city.look = ({ hidden, bbox }) => {
    if (hidden) wanted.layers = city.things.layers.map(({ name }) => name).filter((name) => !hidden.has(name));
    if (bbox) wanted.bbox = bbox;
    sendLookSoon();
  };

  city.who = (indexes) => {
    const unknown = indexes.filter((i) => !live.known.has(i));
    if (unknown.length) say({ who: unknown });
  };

  city.follow = (id) => {
    followed = id || null;
    say({ follow: followed });
  };
})();
