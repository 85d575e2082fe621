// Puts a map to move and zoom in the place of the drawn one, once it is in view.
// Words come from the page, places from our own GeoJSON; both are only ever written as text.
"use strict";
(() => {
  const PLACES_FROM_ZOOM = 13.5;
  const WIJKEN_FROM_ZOOM = 11.5;
  const NAME_OFFSETS = [0, 15, -15]; // pixels below the middle of an area
  const FEW = 30; // so few places need no counts
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const drawn = new Map(); // element of the frame -> the drawing that stood in it

  const el = (name, { text, ...attributes } = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined) made.setAttribute(key, value);
    }
    if (text !== undefined) made.textContent = text;
    made.append(...children);
    return made;
  };

  const load = (name, attributes) =>
    new Promise((resolve, reject) => {
      const made = el(name, attributes);
      made.addEventListener("load", resolve);
      made.addEventListener("error", reject);
      document.head.append(made);
    });

  const start = async (frame) => {
    const { leaflet, leafletStyle, script } = frame.dataset;
    await load("link", { rel: "stylesheet", href: leafletStyle });
    if (!window.L) {
      await load("script", { src: leaflet });
      jump();
    }
    if (still) calm();
    drawn.set(frame, [...frame.childNodes]);
    frame.replaceChildren();
    try {
      await load("script", { src: script });
    } catch (error) {
      frame.replaceChildren(...drawn.get(frame));
      throw error;
    }
  };

  // Making room for a place jumps: a map that glides moves "Sluiten" away under the finger.
  const jump = () => {
    const { panBy } = L.Map.prototype;
    L.Map.include({
      panBy(offset, options) {
        return panBy.call(this, offset, { ...options, animate: false });
      },
    });
  };

  // Nor does zooming glide for those who asked for stillness.
  const calm = () => {
    L.Map.mergeOptions({ zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false });
  };

  // Called by the script of the area, which folium wrote.
  window.socialmapPoints = (map, id, corners) => {
    const frame = document.getElementById(id);
    const words = frame.dataset;
    L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
    if (matchMedia("(pointer: coarse)").matches) map.dragging.disable(); // one finger scrolls the page
    map.fitBounds(corners, { animate: false });
    map.setMaxBounds(L.latLngBounds(corners).pad(1));
    if (words.tiles) tiles(map, frame, words);
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(frame);
    if (!words.points) {
      frame.dispatchEvent(new CustomEvent("map-ready", { detail: map })); // whoever listens fills it
      return;
    }
    fetch(words.points)
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status))))
      .then((found) => new Points(map, words, found).show())
      .catch(() => {
        frame.after(el("p", { class: "map-failed", role: "status", text: words.failed }));
      });
  };

  // A background of pictures, from our own address and of the city alone; off unless set.
  const tiles = (map, frame, words) => {
    const [minZoom, maxZoom] = words.tilesZoom.split(" ").map(Number);
    const [west, south, east, north] = words.tilesBox.split(" ").map(Number);
    const bounds = [[south, west], [north, east]];
    L.tileLayer(words.tiles, { minZoom, maxZoom, bounds, alt: "" }).addTo(map);
    frame.classList.add("map-tiled");
    const credit = L.control({ position: "bottomright" });
    credit.onAdd = () => el("p", { class: "map-credit", text: words.tilesCredit });
    credit.addTo(map);
  };

  class Points {
    constructor(map, words, found) {
      this.map = map;
      this.words = words;
      this.layer = L.layerGroup().addTo(map);
      this.names = L.layerGroup().addTo(map);
      this.places = found.features;
      this.wijken = found.wijken;
      this.districts = found.stadsdelen;
      this.wijken.forEach((wijk, at) => (wijk.number = at + 1));
      this.popup = null;
      map.on("zoomend", () => this.show());
    }

    // What this zoom level shows: counts per stadsdeel, per wijk, or the places themselves.
    show() {
      const zoom = this.map.getZoom();
      const isStates = this.words.numbers === "staat"; // of the contacts: areas only
      const isNumbered = isStates || this.words.numbers === "wijken";
      const few = !isNumbered && this.places.length <= FEW;
      const level =
        few || (zoom >= PLACES_FROM_ZOOM && !isStates) ? "places"
          : zoom < WIJKEN_FROM_ZOOM && this.districts.length > 1 ? "districts" : "wijken";
      if (level !== this.level) {
        const hadFocus = this.layer.getLayers().some((mark) => mark.getElement().contains(document.activeElement));
        this.level = level;
        this.layer.clearLayers();
        const areas = level === "districts" ? this.districts : this.wijken;
        const marks = level === "places" ? this.sorted().map((f) => this.place(f)) : areas.map((a) => this.area(a, isNumbered && level === "wijken"));
        marks.filter(Boolean).forEach((mark) => mark.addTo(this.layer));
        if (hadFocus) this.map.getContainer().focus();
      }
      this.label();
    }

    // In the order of the list where there are numbers, else as one reads: from north to south.
    sorted() {
      if (this.words.numbers === "lijst") return this.places;
      const at = (feature) => feature.geometry.coordinates;
      return [...this.places].sort((a, b) => at(b)[1] - at(a)[1] || at(a)[0] - at(b)[0]);
    }

    mark(lat, lon, element) {
      L.DomEvent.disableClickPropagation(element);
      element.addEventListener("focus", () => {
        if (element.matches(":focus-visible")) this.map.panInside([lat, lon], { padding: [40, 40] });
      });
      const icon = L.divIcon({ html: element, className: "", iconSize: [0, 0] });
      return L.marker([lat, lon], { icon, keyboard: false, interactive: false });
    }

    count(number) {
      return number === 1 ? this.words.one : this.words.many.replace("#", number);
    }

    area(area, isNumbered) {
      if (isNumbered) {
        const label = area.label || `${area.number}. ${area.name}, ${this.count(area.count)}`;
        const link = el("a", { class: "map-mark map-mark-wijk", href: area.url, "aria-label": label, text: area.text || area.number });
        return this.mark(area.lat, area.lon, link);
      }
      if (!area.count) return null;
      const label = `${area.name}: ${this.count(area.count)}`;
      const button = el("button", { type: "button", class: "map-mark map-mark-count", "aria-label": label, text: area.count });
      button.addEventListener("click", () => {
        const next = this.level === "districts" ? WIJKEN_FROM_ZOOM + 0.5 : PLACES_FROM_ZOOM + 0.5;
        this.map.setView([area.lat, area.lon], next, { animate: !still });
      });
      return this.mark(area.lat, area.lon, button);
    }

    place(feature) {
      const [lon, lat] = feature.geometry.coordinates;
      const { visibility, listings } = feature.properties;
      const title = this.title(feature.properties);
      const isNumbered = this.words.numbers === "lijst";
      const text = isNumbered ? listings[0].number : listings.length > 1 ? listings.length : "";
      const names = listings.length === 1 ? listings[0].title : this.count(listings.length);
      const label = `${isNumbered ? this.words.number.replace("#", text) + ". " : ""}${title}${names === title ? "" : ": " + names}`;
      const kind = visibility === "exact" ? "" : " map-mark-area";
      const button = el("button", { type: "button", class: "map-mark" + kind, "aria-label": label, "aria-haspopup": "dialog", text });
      button.addEventListener("click", () => this.open(lat, lon, feature.properties, title, button));
      return this.mark(lat, lon, button);
    }

    title({ visibility, place, street, area }) {
      if (visibility === "exact") return place || street || (area && area.name) || "";
      return this.words.somewhere.replace("#", () => area.name);
    }

    changes(listing) {
      return (listing.changes || []).map((text) => el("p", { class: "soft", text }));
    }

    open(lat, lon, properties, title, button) {
      const { listings, street, people_url: peopleUrl } = properties;
      const isItself = listings.length === 1 && listings[0].title === title; // a venue: its name is the link
      const heading = el("p", { class: "map-title", tabindex: "-1" }, isItself ? this.link(listings[0]) : title);
      const list = isItself
        ? el("p", { class: "soft", text: this.kind(listings[0]) })
        : el("ul", {}, ...listings.map((listing) => el("li", {}, this.link(listing), " ", el("span", { text: this.kind(listing) }), ...this.changes(listing))));
      const close = el("button", { type: "button", class: "btn btn-quiet", text: this.words.close });
      const box = el("div", { class: "map-popup", role: "dialog", "aria-label": title }, heading);
      if (street && street !== title) box.append(el("p", { class: "soft", text: street }));
      box.append(list);
      if (isItself) box.append(...this.changes(listings[0]));
      if (peopleUrl) box.append(el("p", {}, el("a", { href: peopleUrl, text: this.words.people })));
      box.append(close);
      close.addEventListener("click", () => this.close(button));
      box.addEventListener("keydown", (event) => {
        if (event.key === "Escape") {
          event.stopPropagation();
          this.close(button);
        }
      });
      const maxHeight = this.map.getSize().y - 60;
      this.popup = L.popup({ closeButton: false, maxWidth: 260, minWidth: 180, maxHeight, offset: [0, -8], autoPanPadding: [8, 8] })
        .setLatLng([lat, lon])
        .setContent(box)
        .openOn(this.map);
      heading.focus({ preventScroll: true });
    }

    close(button) {
      this.map.closePopup(this.popup);
      if (button.isConnected) button.focus({ preventScroll: true });
      else this.map.getContainer().focus({ preventScroll: true });
    }

    link({ title, url, number }) {
      return el("a", { href: url, text: this.words.numbers === "lijst" ? `${number}. ${title}` : title });
    }

    kind({ kind, level, informal, stale }) {
      const word = informal && level === "open" ? this.words.informal : this.words[level];
      const told = kind === "place" ? this.words.place : word;
      return stale ? `${told}. ${this.words.stale}` : told;
    }

    // Names of the areas, as far as they stand clear of the marks and of each other.
    label() {
      this.names.clearLayers();
      const areas = this.level === "districts" ? this.districts : this.wijken;
      const marks = this.level === "places" ? this.places.map(({ geometry: { coordinates: [lon, lat] } }) => ({ lat, lon })) : areas;
      const taken = marks.map((mark) => this.box(mark, 12, 12, 0));
      for (const area of [...areas].sort((a, b) => b.count - a.count)) {
        const lines = Math.ceil(area.name.length / 18);
        const halfWidth = Math.min(area.name.length, 18) * 3.6;
        const boxes = NAME_OFFSETS.map((down) => this.box(area, halfWidth, lines * 7, down && down + Math.sign(down) * lines * 7));
        const free = boxes.find((box) => !taken.some((other) => other.intersects(box)));
        if (!free) continue;
        taken.push(free);
        const name = el("span", { class: "map-name", "aria-hidden": "true", text: area.name });
        const icon = L.divIcon({ html: name, className: "", iconSize: [0, 0] });
        const at = this.map.layerPointToLatLng(free.getCenter());
        L.marker(at, { icon, keyboard: false, interactive: false, zIndexOffset: -1000 }).addTo(this.names);
      }
    }

    box(area, halfWidth, halfHeight, down) {
      const at = this.map.latLngToLayerPoint([area.lat, area.lon]);
      return L.bounds([at.x - halfWidth, at.y + down - halfHeight], [at.x + halfWidth, at.y + down + halfHeight]);
    }
  }

  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      start(target).catch(() => {}); // the drawing stays
    }
  }, { rootMargin: "200px" });
  document.querySelectorAll(".map-frame[data-script]").forEach((frame) => seen.observe(frame));
})();
