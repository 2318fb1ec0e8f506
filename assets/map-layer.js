/* The one WebGL layer of all things: a canvas over the base map, one program, two draw calls.
   It has a canvas of its own so that gliding things never make the base map draw again. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const FRAME_MS = 32; // while things glide
  const FLOAT = 4;

  const VERTEX = `#version 300 es
    in vec4 way; in float since; in vec4 look;
    uniform vec2 origin, view; uniform float scale, now, glide, ratio, override, small;
    out float picture, badge, opacity, reach, shrink; out vec2 turn;
    void main() {
      float share = clamp((now - since) / glide, 0.0, 1.0);
      vec2 at = origin + mix(way.xy, way.zw, share) * scale;
      gl_Position = vec4(at.x / view.x * 2.0 - 1.0, 1.0 - at.y / view.y * 2.0, 0.0, 1.0);
      picture = override < 0.0 ? look.x : override;
      badge = override < 0.0 ? look.y : 0.0;
      opacity = override < 0.0 ? look.z / 255.0 : 1.0;
      float angle = override < 0.0 ? look.w / 128.0 * 3.14159265 : 0.0;
      turn = vec2(cos(angle), sin(angle));
      shrink = override < 0.0 && picture < 12.0 ? small : 1.0;
      if (override < 0.0 && picture < 12.0) opacity *= mix(0.6, 1.0, (small - 0.7) / 0.3);
      reach = override >= 0.0 ? 40.0 : picture >= 12.0 ? 32.0 : (picture >= 9.0 ? 18.0 : 14.0) * shrink;
      if (badge > 0.0) reach += picture >= 12.0 ? 8.0 : 14.0;
      gl_PointSize = reach * ratio;
    }`;
  const FRAGMENT = `#version 300 es
    precision highp float;
    in float picture, badge, opacity, reach, shrink; in vec2 turn;
    uniform sampler2D atlas; uniform vec2 cells; uniform float cell, badgeFirst;
    out vec4 colour;
    vec4 pick(float number, vec2 at) {
      if (max(abs(at.x), abs(at.y)) > cell * 0.5) return vec4(0.0);
      vec2 place = vec2(mod(number + 0.5, cells.x) - 0.5, floor((number + 0.5) / cells.x));
      return texture(atlas, (place + 0.5 + at / cell) / cells);
    }
    void main() {
      vec2 at = (gl_PointCoord - 0.5) * reach;
      vec2 turned = vec2(at.x * turn.x + at.y * turn.y, at.y * turn.x - at.x * turn.y);
      colour = pick(picture, turned / shrink) * opacity;
      if (badge > 0.0) {
        vec2 aside = picture >= 12.0 ? vec2(11.0, -10.0) : vec2(7.0, -7.0) * shrink;
        vec4 badgeInk = pick(badgeFirst + badge - 1.0, at - aside);
        colour = badgeInk + colour * (1.0 - badgeInk.a);
      }
      if (colour.a < 0.01) discard;
    }`;

  function compile(gl, type, source) {
    const shader = gl.createShader(type);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    return shader;
  }

  function link(gl) {
    const program = gl.createProgram();
    gl.attachShader(program, compile(gl, gl.VERTEX_SHADER, VERTEX));
    gl.attachShader(program, compile(gl, gl.FRAGMENT_SHADER, FRAGMENT));
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program));
    return program;
  }

  function attribute(gl, program, name, size, type, stride, offset) {
    const location = gl.getAttribLocation(program, name);
    gl.enableVertexAttribArray(location);
    gl.vertexAttribPointer(location, size, type, false, stride, offset);
  }

  // From afar, what is normal steps back: 70 % of its size and 60 % of its ink at zoom 11, all from 14 on.
  const smallness = (zoom) => Math.min(1, Math.max(0.7, 0.7 + (zoom - 11) * 0.1));

  class ThingLayer {
    constructor(map) {
      this.map = map;
      this.rings = []; // [thing, picture] drawn on top
      this.canvas = city.make("canvas", "map-things");
      map.getContainer().append(this.canvas);
      this.order = new Uint32Array(1024);
      this.drawn = 0;
      this.at_ms = 0;
      this.canvas.addEventListener("webglcontextlost", (lost) => lost.preventDefault());
      this.canvas.addEventListener("webglcontextrestored", () => this.open());
      this.open();
      this.frame = this.frame.bind(this);
    }

    open() {
      const options = { premultipliedAlpha: true, antialias: false, powerPreference: "low-power" };
      const gl = (this.gl = this.canvas.getContext("webgl2", options));
      const program = (this.program = link(gl));
      this.spots = new Proxy({}, { get: (spots, name) => (spots[name] ??= gl.getUniformLocation(program, name)) });
      this.buffers = { motion: gl.createBuffer(), look: gl.createBuffer(), order: gl.createBuffer() };
      this.texture = gl.createTexture();
      this.array = gl.createVertexArray();
      gl.bindVertexArray(this.array);
      gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers.motion);
      attribute(gl, program, "way", 4, gl.FLOAT, 5 * FLOAT, 0);
      attribute(gl, program, "since", 1, gl.FLOAT, 5 * FLOAT, 4 * FLOAT);
      gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers.look);
      attribute(gl, program, "look", 4, gl.UNSIGNED_BYTE, 4, 0);
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.buffers.order);
      this.repaintAll();
    }

    // A new theme, another screen density or a new context: pictures and columns go up again.
    repaintAll() {
      const gl = this.gl;
      this.ratio = window.devicePixelRatio || 1;
      gl.bindTexture(gl.TEXTURE_2D, this.texture);
      gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, city.drawAtlas(this.ratio));
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
      Object.assign(city.things, { moved: true, dressed: true, reordered: true });
    }

    resize() {
      const { clientWidth: width, clientHeight: height } = this.map.getContainer();
      if ((window.devicePixelRatio || 1) !== this.ratio) this.repaintAll();
      const [w, h] = [Math.round(width * this.ratio), Math.round(height * this.ratio)];
      if (this.canvas.width !== w || this.canvas.height !== h) Object.assign(this.canvas, { width: w, height: h });
      this.view = [width, height];
    }

    upload() {
      const { gl } = this;
      const things = city.things;
      if (things.reordered) this.sort();
      if (things.moved) this.send("motion", things.motion.subarray(0, things.end * 5));
      if (things.dressed) this.send("look", things.look.subarray(0, things.end * 4));
      if (things.reordered) gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, this.order.subarray(0, this.drawn + 8), gl.DYNAMIC_DRAW);
      Object.assign(things, { moved: false, dressed: false, reordered: false });
    }

    send(name, values) {
      const { gl } = this;
      gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers[name]);
      gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW);
    }

    // Still things first, then moving ones, then marks, the worst last and so on top.
    sort() {
      const things = city.things;
      if (this.order.length < things.end + 8) this.order = new Uint32Array(things.size + 8);
      const rank = (i) => (things.level[i] ? 6 - things.level[i] : city.moves(i) ? 1 : 0);
      const shown = (i) => !things.grouped[i] && city.visible(i);
      const starts = new Uint32Array(7);
      for (let i = 0; i < things.end; i++) if (shown(i)) starts[rank(i) + 1] += 1;
      for (let k = 1; k < 7; k++) starts[k] += starts[k - 1];
      this.drawn = starts[6];
      for (let i = 0; i < things.end; i++) if (shown(i)) this.order[starts[rank(i)]++] = i;
    }

    point() {
      const { map } = this;
      const [x, y] = city.things.origin;
      this.scale = 512 * 2 ** map.getZoom();
      this.origin = map.project([city.longitude(x), city.latitude(y)]);
    }

    draw(now_s) {
      const { gl, spots } = this;
      if (!city.things.origin || gl.isContextLost()) return;
      this.resize();
      this.point();
      gl.viewport(0, 0, this.canvas.width, this.canvas.height);
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT);
      gl.useProgram(this.program);
      gl.bindVertexArray(this.array);
      this.upload();
      gl.uniform2f(spots.origin, this.origin.x, this.origin.y);
      gl.uniform2f(spots.view, ...this.view);
      gl.uniform1f(spots.scale, this.scale);
      gl.uniform1f(spots.now, now_s);
      gl.uniform1f(spots.glide, city.GLIDE_S);
      gl.uniform1f(spots.ratio, this.ratio);
      gl.uniform1f(spots.small, smallness(this.map.getZoom()));
      gl.uniform2f(spots.cells, city.SPRITE.columns, city.SPRITE.rows);
      gl.uniform1f(spots.cell, city.SPRITE.cell);
      gl.uniform1f(spots.badgeFirst, city.BADGE_FIRST);
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
      gl.uniform1f(spots.override, -1);
      gl.drawElements(gl.POINTS, this.drawn, gl.UNSIGNED_INT, 0);
      this.drawRings();
    }

    drawRings() {
      const { gl, spots } = this;
      this.rings.forEach(([thing, picture], k) => {
        if (!city.present(thing)) return;
        gl.bufferSubData(gl.ELEMENT_ARRAY_BUFFER, (this.drawn + k) * FLOAT, Uint32Array.of(thing));
        gl.uniform1f(spots.override, picture);
        gl.drawElements(gl.POINTS, 1, gl.UNSIGNED_INT, (this.drawn + k) * FLOAT);
      });
    }

    // Asks for one picture soon; keeps going by itself while something glides.
    wake() {
      if (!this.asked) this.asked = requestAnimationFrame(this.frame);
    }

    frame(at_ms) {
      this.asked = 0;
      if (at_ms - this.at_ms < FRAME_MS - 4) return this.wake();
      this.at_ms = at_ms;
      const now_s = city.seconds();
      this.draw(now_s);
      city.tell("drawn", now_s);
      if (now_s < city.things.glideUntil) this.wake();
    }

    close() {
      cancelAnimationFrame(this.asked);
      this.gl.getExtension("WEBGL_lose_context")?.loseContext();
      this.canvas.remove();
    }
  }
  city.ThingLayer = ThingLayer;
})();
