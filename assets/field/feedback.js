/* Photos and feedback: slots, the result, what is measured, a few words; done only with what must be there. */
(() => {
  "use strict";
  const field = window.field;
  const { make, icon, say } = field;
  const RESULTS = ["solved", "guarded", "goes_on", "not_ours"];
  const drafts = new Map();

  field.views.feedback = (id) => {
    const order = field.news.order(id);
    if (!order) return field.views.task(id);
    const draft = draftOf(order);
    return {
      top: field.pageHead(say("feedback"), order.case, field.sync(true)),
      body: [cameBack(order), order.returned ? null : field.steps(order), photos(order), results(draft), measured(order, draft), words(draft)],
      bottom: dock(order, draft),
    };
  };

  function draftOf(order) {
    if (!drafts.has(order.id)) drafts.set(order.id, { result: "", text: "", measured: null });
    return drafts.get(order.id);
  }

  function cameBack({ returned }) {
    if (!returned) return null;
    return make("div.note", {}, icon("undo", 18), make("p", {}, `${say("came_back")} ${returned.reason || say("no_reason")}`));
  }

  /* photos */

  function photos(order) {
    return make("section.entry", {}, make("h2.entry-name", {}, say("photos"), make("span", {}, say("photos_hint", { m: field.news.told.arrive_within_m }))),
      make("div.shots", {}, order.slots.flatMap((slot) => [...slot.photos.map((one) => shown(slot, one)), slot.photos.length && slot.slot !== "other" ? null : add(order, slot)])));
  }

  function shown(slot, photo) {
    const source = photo.blob ? field.pictureOf(photo.blob) : photo.thumb;
    const told = [field.clock(field.ms(photo.at)), photo.distance_m === null || photo.distance_m === undefined ? "" : `${photo.distance_m} m`].filter(Boolean).join(" · ");
    return make("figure", {}, make("img", { src: source, alt: slot.name, loading: "lazy" }),
      make("figcaption", {}, make("b.clip", {}, slot.name), make("span.num", {}, photo.waits ? icon("upload", 13) : null, told)));
  }

  function add(order, slot) {
    const isLacking = slot.is_needed && !slot.photos.length;
    const button = field.camera(slot.slot, (file) => field.takePhoto(order, slot.slot, file), icon("photo", 24), make("b", {}, slot.name),
      make("span", {}, say(isLacking ? "must" : "may")));
    button.classList.toggle("is-must", isLacking);
    button.dataset.act = "photo";
    return button;
  }

  /* the result */

  function results(draft) {
    const one = (name) => make(`button.opt${draft.result === name ? ".is-on" : ""}`, {
      type: "button", role: "radio", "aria-checked": String(draft.result === name), "data-result": name,
      click: () => { draft.result = name; field.draw(); },
    }, draft.result === name ? icon("check", 16) : null, say(`result_${name}`));
    return make("section.entry", {}, make("h2.entry-name", {}, say("result")), make("div.opts", { role: "radiogroup", "aria-label": say("result") }, RESULTS.map(one)));
  }

  /* a figure beside the sensor's own */

  function measured({ reading }, draft) {
    if (!reading) return null;
    const value = draft.measured ?? Math.round(reading.value);
    const step = (by, glyph, name) => make("button.big", { type: "button", "aria-label": say(name), click: () => { draft.measured = Math.max(0, value + by); field.draw(); } }, icon(glyph, 20));
    const gap = Math.abs(value - reading.value);
    const said = say(gap <= Math.max(2, reading.value * 0.1) ? "as_sensor" : "unlike_sensor", { value: reading.value, unit: reading.unit });
    return make("section.entry", {}, make("h2.entry-name", {}, reading.quantity, make("span", {}, said)),
      make("div.stepper", {}, step(-1, "minus", "less"), make("b.num", { "aria-live": "polite" }, String(value)), make("span", {}, reading.unit), step(1, "plus", "more")));
  }

  function words(draft) {
    const text = make("textarea.text", { rows: 3, maxlength: 500, placeholder: say("words_hint"), "aria-label": say("words"), "data-keep": "words",
      input: ({ target }) => { draft.text = target.value; } });
    text.value = draft.text;
    return make("section.entry", {}, make("h2.entry-name", {}, say("words"), make("span", {}, say("optional"))), text);
  }

  /* the end */

  function dock(order, draft) {
    if (field.news.isOver(order) && !order.returned) return field.tabbar("tasks");
    const lacks = field.lacking(order);
    const why = lacks.length ? say("blocked_photo", { name: lacks[0].name }) : draft.result ? "" : say("blocked_result");
    const line = why ? [icon("lock", 15), why] : [icon("check", 15), say("ready")];
    return field.dock(line, field.button("finish", say("finish"), { kind: ".is-primary.is-tall", why, run: () => finish(order, draft) }));
  }

  async function finish(order, draft) {
    const figure = order.reading ? { measured: draft.measured ?? Math.round(order.reading.value) } : {};
    const body = { order: order.id, result: draft.result, text: draft.text, ...figure };
    drafts.delete(order.id);
    await field.act(order.returned ? "feedback" : "finish", body);
    field.toast(say(field.news.state === "offline" ? "kept" : "finished"));
    field.go("tasks");
  }
})();
