/* The live map as a Dash component: props come in (layers, filter, thing), events go out.
   Points never pass through props; they come by the socket (live.js) into typed arrays (things.js). */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const { createElement, useEffect, useRef } = window.React;

  async function begin(holder, box, props, setProps) {
    city.connect(props.feedUrl);
    await city.fontsReady();
    if (holder.closed) return;
    try {
      holder.map = city.map = new city.CityMap(box, { ...holder.props }, setProps);
      holder.map.tellView();
    } catch (trouble) { // no WebGL: the list tells the same
      console.warn(trouble);
      box.append(city.make("p", "empty", city.text("noMap")));
    }
  }

  function LiveMap(props) {
    const box = useRef(null);
    const holder = useRef({}).current;
    const { id, className, setProps } = props;
    holder.setProps = setProps;
    holder.props = props;
    useEffect(() => {
      holder.closed = false;
      const linked = city.readView();
      holder.props = { ...props, ...linked };
      holder.keepsView = Boolean(linked.center) && city.hasScope();
      const tell = (change) => holder.setProps(change);
      if (Object.keys(linked).length) tell(linked);
      begin(holder, box.current, holder.props, tell);
      return () => {
        holder.closed = true;
        holder.map?.close();
        holder.map = null;
      };
    }, []);
    // Another scope is shown whole; a link that names its own view is left as it is.
    useEffect(() => {
      if (holder.map && !holder.keepsView) {
        holder.map.apply(holder.props);
        holder.map.fit();
      }
      if (holder.map) holder.keepsView = false;
    }, [JSON.stringify(props.bounds)]);
    const inputs = JSON.stringify([props.hidden, props.abnormalOnly, props.selected, props.credit]);
    useEffect(() => holder.map?.apply(holder.props), [inputs]);
    const attributes = { id, ref: box, className: `live-map ${className ?? ""}`, tabIndex: 0, role: "application",
      "aria-label": city.text("map"), "data-region": "map" };
    return createElement("div", attributes, createElement("div", { className: "map-base" }),
      createElement("div", { className: "sr", role: "status" }));
  }

  window.city_map = { LiveMap };
})();
