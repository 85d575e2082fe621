// Suggestions under the one box: an editable combobox with a list, as the ARIA Authoring Practices
// describe it. Names are only ever written as text; without them the box just searches.
"use strict";
(() => {
  const PAUSE = 150; // milliseconds without typing before we ask
  const FEWEST = 2; // signs

  const el = (name, attributes, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  class Suggestions {
    constructor(form) {
      this.words = form.dataset;
      this.input = form.querySelector("input[type=search]");
      this.known = new Map(); // what was typed -> what was suggested, as long as this page is open
      this.found = [];
      this.active = -1; // none: the text itself is what Enter sends
      const id = `${this.input.id}-list`;
      this.list = el("ul", { id, class: "suggest no-print", role: "listbox", "aria-label": this.words.suggestList, hidden: "" });
      this.status = el("p", { class: "sr", role: "status" });
      this.input.parentElement.append(this.list);
      form.append(this.status);
      const role = { role: "combobox", "aria-autocomplete": "list", "aria-controls": id, "aria-expanded": "false" };
      for (const [key, value] of Object.entries(role)) this.input.setAttribute(key, value);
      this.input.addEventListener("input", () => this.typed());
      this.input.addEventListener("keydown", (event) => this.pressed(event));
      this.input.addEventListener("blur", () => this.close());
      form.addEventListener("submit", () => this.close());
      this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps focus
      this.list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) this.choose([...this.list.children].indexOf(option));
      });
    }

    get isOpen() {
      return !this.list.hidden;
    }

    get text() {
      return this.input.value.trim();
    }

    typed() {
      this.stop();
      this.point(-1);
      if (this.text.length < FEWEST) this.close();
      else this.timer = setTimeout(() => this.ask(), PAUSE);
    }

    // Forgets what was about to be asked, or is being asked.
    stop() {
      clearTimeout(this.timer);
      this.request?.abort();
    }

    async ask() {
      this.stop();
      const request = (this.request = new AbortController());
      const text = this.text;
      try {
        if (!this.known.has(text)) this.known.set(text, await this.fetched(text, request.signal));
        if (!request.signal.aborted) this.show(this.known.get(text));
      } catch {
        if (!request.signal.aborted) this.close();
      }
    }

    async fetched(text, signal) {
      const asked = new URLSearchParams({ q: text });
      const answer = await fetch(`${this.words.suggest}?${asked}`, { signal, credentials: "omit" });
      if (!answer.ok) throw new Error(answer.status);
      return (await answer.json()).suggestions;
    }

    show(found) {
      this.found = found;
      this.list.replaceChildren(...found.map((one, at) => this.option(one, at)));
      this.open(found.length > 0);
      const { suggestOne, suggestMany, suggestNone } = this.words;
      this.say(found.length ? `${found.length} ${found.length === 1 ? suggestOne : suggestMany}` : suggestNone);
    }

    option({ label, about }, at) {
      const parts = [el("b", {}, label), el("i", {}), el("span", {}, about)];
      return el("li", { id: `${this.list.id}-${at}`, role: "option", "aria-selected": "false" }, ...parts);
    }

    open(isOpen) {
      this.list.hidden = !isOpen;
      this.input.setAttribute("aria-expanded", isOpen);
      this.point(-1);
    }

    close() {
      this.stop();
      this.open(false);
      this.say("");
    }

    say(text) {
      if (this.status.textContent !== text) this.status.textContent = text;
    }

    // Marks one of the options; focus stays in the box.
    point(at) {
      this.list.children[this.active]?.setAttribute("aria-selected", "false");
      this.active = at;
      const option = this.list.children[at];
      if (!option) return this.input.removeAttribute("aria-activedescendant");
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", option.id);
    }

    // Goes up or down; beyond either end one is back in the text.
    move(by) {
      const places = this.found.length + 1;
      this.point(((this.active + 1 + by + places) % places) - 1);
    }

    choose(at) {
      const { origin, href } = new URL(this.found[at].url, location.href);
      if (origin !== location.origin) return;
      this.close();
      location.assign(href);
    }

    pressed(event) {
      const { key, altKey } = event;
      if (event.isComposing || event.ctrlKey || event.metaKey) return;
      if (key === "ArrowDown" || key === "ArrowUp") {
        if (!this.isOpen && this.text.length < FEWEST) return;
        event.preventDefault();
        this.step(key === "ArrowDown" ? 1 : -1, altKey);
      } else if (key === "Enter" && this.active >= 0) {
        event.preventDefault();
        this.choose(this.active);
      } else if (key === "Escape" && this.isOpen) {
        event.preventDefault(); // the text stays
        this.close();
      } else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(key)) {
        this.point(-1);
      }
    }

    // An arrow opens the list when it is closed; with Alt it only opens or closes.
    async step(by, isAlt) {
      if (isAlt && by < 0) return this.close();
      if (!this.isOpen) await this.ask();
      if (!isAlt && this.isOpen) this.move(by);
    }
  }

  for (const form of document.querySelectorAll("form[data-suggest]")) new Suggestions(form);
})();
