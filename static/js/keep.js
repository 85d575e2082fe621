// Keeps what is typed in a form until it is saved: the session may end, or the network fall away.
// Only in this tab (sessionStorage), and gone when it closes.
"use strict";
(() => {
  const form = document.querySelector("form[data-keep]");
  if (!form) return;
  const key = `vormt:${location.pathname}`;
  const own = new Set(["bewijs", "gezien", "getoond", "doe"]);

  const boxes = () => [...form.elements].filter((box) => box.name && !own.has(box.name) && box.type !== "submit");
  const state = (box) => (box.type === "checkbox" || box.type === "radio" ? box.checked : box.value);
  const all = () => boxes().map((box) => [box.name, box.type === "checkbox" || box.type === "radio" ? box.value : "", state(box)]);

  const read = () => {
    try {
      return JSON.parse(sessionStorage.getItem(key));
    } catch {
      return null;
    }
  };

  const say = (text) => {
    let line = form.querySelector(".kept-note");
    if (!line) {
      line = document.createElement("p");
      line.className = "notice kept-note";
      line.setAttribute("role", "status");
      form.prepend(line);
    }
    line.textContent = text;
  };

  const began = JSON.stringify(all());
  const kept = read();
  const isAfterError = document.querySelector(".summary") !== null;
  if (kept && kept.began === began && !isAfterError) {
    const now = boxes();
    kept.boxes.forEach(([name, value, was], at) => {
      const box = now[at];
      if (!box || box.name !== name) return;
      if (box.type === "checkbox" || box.type === "radio") box.checked = was;
      else box.value = was;
    });
    if (JSON.stringify(all()) !== began) say(form.dataset.keep);
  }

  form.addEventListener("input", () => {
    try {
      sessionStorage.setItem(key, JSON.stringify({ began, boxes: all() }));
    } catch {
      // no room, or switched off: then the browser keeps what it can
    }
  });

  let isSent = false;
  form.addEventListener("submit", (event) => {
    if (navigator.onLine === false) {
      event.preventDefault();
      say(form.dataset.offline);
    } else if (isSent) {
      event.preventDefault(); // a double click
    } else {
      isSent = true;
      setTimeout(() => (isSent = false), 4000);
    }
  });
})();
