/* Where the phone is: asked only while a task is on, and shown to whoever carries it. */
(() => {
  "use strict";
  const field = window.field;
  const POOR_M = 50; // a fix that is worse than the distance it should prove proves nothing
  const OLD_MS = 60000;
  const place = (field.place = { pos: null, accuracy_m: null, at_ms: 0, trouble: "" });
  let watching = null;

  place.follow = (isWanted) => {
    if (isWanted && watching === null && navigator.geolocation) start();
    else if (!isWanted && watching !== null) stop();
  };

  function start() {
    const options = { enableHighAccuracy: true, maximumAge: 5000, timeout: 20000 };
    watching = navigator.geolocation.watchPosition(hear, fail, options);
  }

  function stop() {
    navigator.geolocation.clearWatch(watching);
    watching = null;
    Object.assign(place, { pos: null, accuracy_m: null, at_ms: 0, trouble: "" });
    field.tell("place");
  }

  function hear({ coords }) {
    Object.assign(place, {
      pos: [coords.longitude, coords.latitude], accuracy_m: coords.accuracy, at_ms: Date.now(), trouble: "",
    });
    field.tell("place");
  }

  function fail(error) {
    place.trouble = error.code === error.PERMISSION_DENIED ? "denied" : "none";
    field.tell("place");
  }

  const isFresh = () => place.pos && Date.now() - place.at_ms < OLD_MS;
  place.isGood = () => Boolean(isFresh() && place.accuracy_m <= POOR_M);
  place.here = () => (isFresh() ? place.pos : null);
  place.to = (pos) => (isFresh() && pos ? field.between(place.pos, pos) : null);

  // What goes with an action: the position and how sure it is.
  place.said = () => (isFresh() ? { pos: place.pos, accuracy_m: Math.round(place.accuracy_m) } : {});
})();
