/* Words and figures that change without the server: ages, clocks, distances, texts of the map. */
(() => {
  "use strict";
  const city = (window.city ??= {});
  const DAY_S = 86400;

  const TEXTS = {
    "zh-CN": {
      days: "天", connected: "已连接", connecting: "连接中", lost: "已断开",
      offline: "与服务器的连接已断开 {gone} · 画面停在 {frozen} · 第 {attempt} 次重连，{wait} s 后重试",
      retrying: "与服务器的连接已断开 {gone} · 画面停在 {frozen} · 正在重连（第 {attempt} 次）",
      recovered: "连接已恢复，中断 {gone}", zoomIn: "放大", zoomOut: "缩小", fit: "回到全市视野",
      onlyAbnormal: "只看异常", tools: "地图工具", near: "附近的感知对象", items: "{n} 项",
      map: "城市地图：方向键选到最近的对象，回车打开，Shift 加方向键平移，加减号缩放，星号看全市",
      fresh: "正常", late: "迟到", stale: "陈旧", goneQuiet: "中断", switchedOff: "离线", online: "在线",
      uncertain: "存疑", age: "{age} 前", level: "{level}级", close: "关闭", noMap: "这台电脑的浏览器不能绘制地图（缺少 WebGL 2）。列表与检查器照常可用。",
      keys: "快捷键", offMap: "视野外", cluster: "{n} 个对象，最高 {level}，点击放大", east: "E", north: "N",
      noLevel: "正常", menu: "地图选项", newCase: "在此新建事件", copy: "复制坐标", copied: "已复制 {text}", everywhere: "随处可用", here: "本页",
      help: { "/": "搜索、命令", "g s": "态势", "g c": "事件", "g d": "调度", "g m": "平急", "g h": "交接", F6: "下一区域", "Shift F6": "上一区域", "Alt M": "声音停 5 分钟 / 恢复", "↑ ↓": "在列表中选择", Esc: "返回一步", "?": "快捷键" },
    },
    en: {
      days: "d", connected: "Connected", connecting: "Connecting", lost: "Disconnected",
      offline: "Connection to the server lost {gone} ago · picture frozen at {frozen} · attempt {attempt} in {wait} s",
      retrying: "Connection to the server lost {gone} ago · picture frozen at {frozen} · attempt {attempt} under way",
      recovered: "Connection restored after {gone}", zoomIn: "Zoom in", zoomOut: "Zoom out", fit: "Whole city",
      onlyAbnormal: "Abnormal only", tools: "Map tools", near: "Things here", items: "{n} things",
      map: "City map: arrow keys go to the nearest thing, Enter opens it, Shift and arrows pan, plus and minus zoom, star shows the whole city",
      fresh: "fresh", late: "late", stale: "stale", goneQuiet: "lost", switchedOff: "offline", online: "online",
      uncertain: "uncertain", age: "{age} ago", level: "Level {level}", close: "Close", noMap: "This browser cannot draw the map (no WebGL 2). List and inspector work as usual.",
      keys: "Keys", offMap: "Off the map", cluster: "{n} things, worst {level}, click to zoom", east: "E", north: "N",
      noLevel: "normal", menu: "Map menu", newCase: "New case here", copy: "Copy coordinates", copied: "Copied {text}", everywhere: "Everywhere", here: "On this page",
      help: { "/": "Search, commands", "g s": "Situation", "g c": "Cases", "g d": "Dispatch", "g m": "Mode", "g h": "Handover", F6: "Next region", "Shift F6": "Previous region", "Alt M": "Mute 5 min / sound on", "↑ ↓": "Choose in a list", Esc: "One step back", "?": "Keys" },
    },
  };

  city.lang = () => (document.documentElement.lang === "en" ? "en" : "zh-CN");
  city.theme = () => (document.documentElement.dataset.theme === "light" ? "light" : "dark");
  city.ROMAN = ["", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"];

  city.text = (key, values = {}) => {
    const words = TEXTS[city.lang()][key] ?? key;
    if (typeof words !== "string") return words;
    return words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  };

  city.named = (row, stem = "") => {
    const zh = row[stem ? `${stem}_zh` : "zh"];
    const en = row[stem ? `${stem}_en` : "en"];
    return (city.lang() === "en" ? en || zh : zh || en) || "";
  };

  city.ageText = (seconds) => {
    const age = Math.max(0, Math.floor(seconds));
    if (age < 120) return `${age} s`;
    if (age < 7200) return `${Math.floor(age / 60)} min`;
    if (age < 2 * DAY_S) return `${Math.floor(age / 3600)} h`;
    return `${Math.floor(age / DAY_S)} ${city.text("days")}`;
  };

  city.spanText = (seconds) => {
    const span = Math.max(0, Math.floor(seconds));
    const two = (n) => String(n).padStart(2, "0");
    const minutes = `${two(Math.floor(span / 60) % 60)}:${two(span % 60)}`;
    return span < 3600 ? minutes : `${Math.floor(span / 3600)}:${minutes}`;
  };

  city.valueText = (value, unit = "") => {
    if (!Number.isFinite(value)) return "—";
    const size = Math.abs(value);
    const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2;
    const figure = value.toLocaleString("en-US", { maximumFractionDigits: digits }).replace("-", "−");
    return unit ? `${figure}\u2009${unit}` : figure;
  };

  city.distanceText = (metres) =>
    metres < 950 ? `${Math.round(metres / 10) * 10} m` : `${(metres / 1000).toFixed(metres < 9950 ? 1 : 0)} km`;

  city.fill = (element, text) => {
    if (element && element.textContent !== text) element.textContent = text;
  };
})();
