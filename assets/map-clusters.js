/* Things that would cover one another, drawn as one ring: how many, of which level, the worst. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const NEAR_PX = 34; // marks closer than this become one
  const CROWD_PX = 64; // from afar, everything is gathered
  const AFAR_ZOOM = 9.6;

  city.clusters = [];

  function candidates(afar) {
    const things = city.things;
    const rows = [];
    for (let i = 0; i < things.end; i++) {
      things.grouped[i] = 0;
      if ((afar || things.level[i]) && city.visible(i)) rows.push(i);
    }
    // The worst first: it becomes the middle of its cluster.
    if (!afar) rows.sort((a, b) => things.level[a] - things.level[b]);
    return rows;
  }

  function newCluster(i, x, y) {
    return { x, y, sumX: 0, sumY: 0, members: [], levels: [0, 0, 0, 0, 0] , seed: i };
  }

  function join(cluster, i, x, y) {
    cluster.members.push(i);
    cluster.levels[city.things.level[i]] += 1;
    cluster.sumX += x;
    cluster.sumY += y;
  }

  // A hash grid of the clusters' first members; a neighbour is looked for in nine cells.
  function gather(rows, near) {
    const { motion } = city.things;
    const grid = new Map();
    const clusters = [];
    for (const i of rows) {
      const x = motion[i * 5 + 2];
      const y = motion[i * 5 + 3];
      const column = Math.floor(x / near);
      const row = Math.floor(y / near);
      let home = nearest(grid, column, row, x, y, near);
      if (!home) {
        home = newCluster(i, x, y);
        clusters.push(home);
        const key = column * 65536 + row;
        if (!grid.has(key)) grid.set(key, []);
        grid.get(key).push(home);
      }
      join(home, i, x, y);
    }
    return clusters;
  }

  function nearest(grid, column, row, x, y, near) {
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        for (const one of grid.get((column + dx) * 65536 + row + dy) ?? []) {
          if (Math.hypot(one.x - x, one.y - y) < near) return one;
        }
      }
    }
    return null;
  }

  function finish(cluster) {
    const { things } = city;
    const count = cluster.members.length;
    for (const i of cluster.members) things.grouped[i] = 1;
    cluster.x = cluster.sumX / count;
    cluster.y = cluster.sumY / count;
    cluster.worst = cluster.levels.findIndex((n, level) => level > 0 && n > 0);
    return cluster;
  }

  city.gatherClusters = (zoom) => {
    const afar = zoom < AFAR_ZOOM;
    const near = (afar ? CROWD_PX : NEAR_PX) / (512 * 2 ** zoom);
    const rows = candidates(afar);
    city.clusters = gather(rows, near).filter((one) => one.members.length > 1 && !one.members.includes(city.selectedThing)).map(finish);
    city.things.reordered = true;
  };

  city.clusterBounds = (cluster) => {
    const { motion, origin } = city.things;
    const xs = cluster.members.map((i) => motion[i * 5 + 2] + origin[0]);
    const ys = cluster.members.map((i) => motion[i * 5 + 3] + origin[1]);
    const [west, east] = [Math.min(...xs), Math.max(...xs)].map(city.longitude);
    const [south, north] = [Math.max(...ys), Math.min(...ys)].map(city.latitude);
    return [[west, south], [east, north]];
  };
})();
