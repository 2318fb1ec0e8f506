/* Photos: taken by the phone's camera, made small in the browser, time and distance burnt in. */
(() => {
  "use strict";
  const field = window.field;
  const LONGEST_PX = 1600;
  const QUALITY = 0.82;
  const LINE = 1 / 26; // height of the burnt-in line, of the shorter side

  field.shrink = async (file, lines) => {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_PX / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    const pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    burn(pen, canvas, lines.filter(Boolean));
    return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  };

  function burn(pen, { width, height }, lines) {
    const size = Math.max(14, Math.round(Math.min(width, height) * LINE));
    const band = size * (lines.length * 1.4 + 0.6);
    pen.fillStyle = "rgb(0 0 0 / .55)";
    pen.fillRect(0, height - band, width, band);
    pen.fillStyle = "#fff";
    pen.font = `600 ${size}px ${getComputedStyle(document.body).fontFamily}`;
    lines.forEach((line, place) => pen.fillText(line, size * 0.7, height - band + size * (1.4 * (place + 1)), width - size));
  }

  // The button of a slot: a file field inside its label, which phones open as the camera.
  field.camera = (slot, take, ...inside) => {
    const choose = ({ target }) => {
      const [file] = target.files;
      target.value = "";
      if (file) take(file);
    };
    const input = field.make("input.sr", { type: "file", accept: "image/*", capture: "environment", "data-slot": slot, change: choose });
    return field.make("label.shot-add", {}, input, ...inside);
  };

  // Takes a photo of an order: kept on the phone first, like everything else.
  field.takePhoto = async (order, slot, file) => {
    const away = field.place.to(order.pos);
    const said = away === null ? field.say("no_fix") : field.say("away", { distance: field.metres(away) });
    const blob = await field.shrink(file, [field.stamp(field.now()), `${order.case} · ${said}`]).catch(() => null);
    if (!blob) return field.toast(field.say("bad_photo"));
    const distance = away === null ? {} : { distance_m: Math.round(away) };
    return field.act("photo", { order: order.id, slot, ...distance, ...field.place.said() }, blob);
  };

  // Addresses of kept pictures, one for each, so that a picture does not blink when all is redrawn.
  const known = new WeakMap();
  field.pictureOf = (blob) => {
    if (!known.has(blob)) known.set(blob, URL.createObjectURL(blob));
    return known.get(blob);
  };
})();
