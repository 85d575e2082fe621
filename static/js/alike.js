// Names what is in the directory already and looks like the name that is typed. Written as text only;
// without it the next page asks the same.
"use strict";
(() => {
  const PAUSE = 350; // milliseconds without typing before we ask
  const FEWEST = 3; // signs

  for (const around of document.querySelectorAll("[data-alike]")) {
    const { alike, one, many } = around.dataset;
    const box = around.querySelector("input");
    const status = document.createElement("p");
    status.setAttribute("role", "status");
    const list = document.createElement("ul");
    list.hidden = true;
    around.append(status, list);
    let timer, request;

    const line = ({ name, about, url }) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      const { origin, href } = new URL(url, location.href);
      if (origin === location.origin) link.href = href;
      const owner = document.createElement("span");
      owner.className = "small soft";
      owner.textContent = about;
      link.append(name, " ", owner);
      item.append(link);
      return item;
    };

    const show = (found) => {
      list.replaceChildren(...found.map(line));
      list.hidden = found.length === 0;
      const words = found.length === 0 ? "" : found.length === 1 ? one : many.replace("#", found.length);
      if (status.textContent !== words) status.textContent = words;
    };

    const ask = async () => {
      request?.abort();
      const own = (request = new AbortController());
      const text = box.value.trim();
      if (text.length < FEWEST) return show([]);
      try {
        const asked = new URLSearchParams({ naam: text });
        const answer = await fetch(`${alike}?${asked}`, { signal: own.signal, credentials: "omit" });
        if (answer.ok && !own.signal.aborted) show((await answer.json()).found);
      } catch {
        if (!own.signal.aborted) show([]); // no network: the next page asks the same
      }
    };

    box.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    });
  }
})();
