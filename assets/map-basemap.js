/* The quiet base map: our own GeoJSON, coloured by the tokens, named in the page's language. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const FONTS = ["City Sans Core", "City Sans SC", "sans-serif"];
  const BOLD = ["City Sans Core Bold", "City Sans SC Bold", "sans-serif"];
  const FILES = ["land", "water", "districts", "roads", "places"];
  const NAMES = ["road-name", "place-name", "water-name", "district-name"];
  const FONT_WAIT_MS = 1500;

  const source = (name) => [name, { type: "geojson", data: `${location.origin}/city/${name}.geojson`, maxzoom: 14, tolerance: 0.4 }];
  const named = () => (city.lang() === "en" ? ["coalesce", ["get", "en"], ["get", "zh"], ""] : ["coalesce", ["get", "zh"], ["get", "en"], ""]);
  const grown = (...stops) => ["interpolate", ["exponential", 1.4], ["zoom"], ...stops];
  const classIs = (...names) => ["in", ["get", "class"], ["literal", names]];

  const MAJOR = ["motorway", "trunk", "primary"];
  const MIDDLE = ["secondary", "tertiary"];

  function ground(ink) {
    return [
      { id: "sea", type: "background", paint: { "background-color": ink("--map-sea") } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": ink("--map-land"), "fill-antialias": false } },
      { id: "water", type: "fill", source: "water", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": ink("--map-water"), "fill-antialias": false } },
      { id: "stream", type: "line", source: "water", filter: ["==", ["geometry-type"], "LineString"],
        paint: { "line-color": ink("--map-water"), "line-width": grown(9, 1, 14, 6) } },
      { id: "coast", type: "line", source: "land", paint: { "line-color": ink("--map-coast"), "line-width": 1 } },
    ];
  }

  function road(id, ink, token, filter, minzoom, ...width) {
    return { id, type: "line", source: "roads", filter, minzoom, layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": ink(token), "line-width": grown(...width) } };
  }

  const roads = (ink) => [
    road("road-small", ink, "--map-road-3", ["!", classIs(...MAJOR, ...MIDDLE)], 11.5, 11.5, 0.4, 14, 1.6, 17, 7),
    road("road-middle", ink, "--map-road-2", classIs(...MIDDLE), 9.5, 9.5, 0.5, 13, 1.8, 17, 10),
    road("road-major", ink, "--map-road-1", classIs(...MAJOR), 0, 8, 0.7, 12, 2, 17, 14),
  ];

  const borders = (ink) => [
    { id: "district-line", type: "line", source: "districts", filter: ["==", ["geometry-type"], "LineString"],
      paint: { "line-color": ink("--map-border"), "line-width": 1, "line-dasharray": [6, 3, 1, 3], "line-opacity": 0.75 } },
  ];

  function label(id, origin, ink, layout, paint = {}) {
    return { id, type: "symbol", source: origin,
      layout: { "text-field": named(), "text-font": FONTS, "text-size": 12, "text-padding": 6, ...layout },
      paint: { "text-color": ink("--map-label"), "text-halo-color": ink("--map-halo"), "text-halo-width": 1.4, ...paint } };
  }

  const KIND = ["coalesce", ["get", "kind"], "place"];
  const RANK = ["coalesce", ["get", "rank"], 5];
  function labels(ink) {
    const spaced = city.lang() === "en" ? 0.06 : 0.28;
    const strong = { "text-color": ink("--map-label-strong") };
    return [
      { ...label("road-name", "roads", ink, { "symbol-placement": "line", "text-size": 12, "symbol-spacing": 420, "text-padding": 18 }), minzoom: 12.2,
        filter: classIs(...MAJOR, "secondary") },
      { ...label("place-name", "places", ink, { "symbol-sort-key": RANK }), minzoom: 10.5,
        filter: ["!", ["in", KIND, ["literal", ["district", "water", "sea"]]]] },
      { ...label("water-name", "places", ink, { "text-size": 13, "text-letter-spacing": 0.4 }, { "text-color": ink("--map-border"), "text-halo-width": 0 }),
        filter: ["in", KIND, ["literal", ["water", "sea"]]] },
      { ...label("district-name", "places", ink, { "text-size": 15, "text-letter-spacing": spaced, "symbol-sort-key": 0 }, strong), filter: ["==", KIND, "district"] },
    ];
  }

  city.basemap = () => {
    const ink = city.inkReader();
    return { version: 8, name: "city", sources: Object.fromEntries(FILES.map(source)),
      layers: [...ground(ink), ...roads(ink), ...borders(ink), ...labels(ink)] };
  };

  function inRange(range) {
    const spans = range.split(",").map((part) => part.trim().slice(2).split("-").map((hex) => parseInt(hex, 16)));
    return (point) => spans.some(([first, last]) => point >= first && point <= (last ?? first));
  }

  // Names are drawn on a canvas, which does not wait for a font: the core comes before the map.
  const loadCore = () =>
    Promise.all([document.fonts.load('400 24px "City Sans Core"', "城A"), document.fonts.load('700 12px "City Sans Core"', "1")]);

  city.fontsReady = () =>
    Promise.race([loadCore().catch(() => {}), new Promise((done) => setTimeout(done, FONT_WAIT_MS))]);

  function coreTests() {
    const core = [...document.fonts].filter(({ family, weight }) => /Core/.test(family) && weight.startsWith("100"));
    return core.map(({ unicodeRange }) => inRange(unicodeRange));
  }

  // Letters of the names on screen that the core has not and that were not fetched yet.
  const fetched = new Set();
  function rareLetters(map) {
    const shown = map.queryRenderedFeatures({ layers: NAMES });
    const letters = new Set(shown.map(({ properties }) => `${properties.zh ?? ""}${properties.en ?? ""}`).join(""));
    const tests = coreTests();
    const isRare = (letter) => letter > "\u007f" && !fetched.has(letter) && !tests.some((test) => test(letter.codePointAt(0)));
    return [...letters].filter(isRare);
  }

  // Another city's rare characters: their slices are fetched once, then the names are drawn anew.
  city.fetchRareLetters = async (map) => {
    const rare = rareLetters(map);
    if (!rare.length) return;
    rare.forEach((letter) => fetched.add(letter));
    try {
      await document.fonts.load('400 24px "City Sans SC"', rare.join(""));
      map.setStyle(city.basemap(), { diff: false });
    } catch {
      rare.forEach((letter) => fetched.delete(letter)); // the server is away: asked for again later
    }
  };
  city.MAP_FONTS = { regular: FONTS, bold: BOLD };
})();
