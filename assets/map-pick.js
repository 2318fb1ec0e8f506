/* Finding a thing: under the pointer, or the nearest in a direction for the keyboard. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const spot = [0, 0];

  function reachOf(i) {
    const { things } = city;
    if (things.level[i]) return city.REACH.mark;
    return city.REACH[things.layers[things.layer[i]]?.shape] ?? city.REACH.dot;
  }

  function onScreen(layer, i, now_s) {
    city.place(i, now_s, spot);
    return [layer.origin.x + spot[0] * layer.scale, layer.origin.y + spot[1] * layer.scale];
  }
  city.onScreen = onScreen;

  city.pick = (layer, x, y) => {
    if (!layer.origin) return -1;
    const now_s = city.seconds();
    let best = -1;
    let least = Infinity;
    // From the top down, so that what covers another is taken; only what is clearly nearer wins.
    for (let k = layer.drawn - 1; k >= 0; k--) {
      const i = layer.order[k];
      const [px, py] = onScreen(layer, i, now_s);
      const away = Math.hypot(px - x, py - y);
      if (away < reachOf(i) && away < least - 2) [best, least] = [i, away];
    }
    return best;
  };

  city.pickCluster = (x, y) =>
    city.clusters.find(({ at, radius }) => at && radius && Math.hypot(at[0] - x, at[1] - y) <= radius + 3);

  const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  city.directionOf = (key) => DIRECTIONS[key];

  // The nearest thing inside a quarter turn of the direction, straight ahead counting more.
  city.nextThing = (layer, from, direction) => {
    if (!layer.origin) return -1;
    const now_s = city.seconds();
    const [width, height] = layer.view;
    const start = from >= 0 ? onScreen(layer, from, now_s) : [width / 2, height / 2];
    let best = -1;
    let least = Infinity;
    for (let k = 0; k < layer.drawn; k++) {
      const i = layer.order[k];
      const [x, y] = onScreen(layer, i, now_s);
      if (i === from || x < 0 || y < 0 || x > width || y > height) continue;
      const cost = from >= 0 ? walk(x - start[0], y - start[1], direction) : Math.hypot(x - start[0], y - start[1]);
      if (cost < least) [best, least] = [i, cost];
    }
    return best;
  };

  function walk(dx, dy, [ux, uy]) {
    const ahead = dx * ux + dy * uy;
    const aside = Math.abs(dx * uy - dy * ux);
    return ahead <= 0.5 || aside > ahead ? Infinity : ahead + 2 * aside;
  }
})();
