// Points of addresses that can be put right on the map: by mouse, finger and arrow keys.
"use strict";
(() => {
  const frame = document.querySelector(".map-frame[data-script]");
  const words = document.querySelector("[data-point-words]")?.dataset;
  if (!frame || !words) return;
  const STEP = 10; // metres, for each press of an arrow key; with shift ten times as far
  const METRES_IN_DEGREE = 111320;
  const ARROWS = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const status = document.querySelector(".point-status");

  class Point {
    constructor(map, place) {
      this.map = map;
      this.at = place.dataset.point;
      this.place = place;
      this.marker = null;
      this.button = place.querySelector(".point-set");
      const { lat, lon } = this.boxes();
      if (lat.value && lon.value) this.put([Number(lat.value), Number(lon.value)]);
      this.offer();
      this.button.addEventListener("click", () => {
        if (this.marker) {
          map.setView(this.marker.getLatLng(), Math.max(map.getZoom(), 15), { animate: false });
        } else {
          this.put(map.getCenter());
          this.keep();
        }
        this.marker.getElement().querySelector("button").focus();
      });
      place.addEventListener("input", (event) => {
        if (/^(street|house_number|postcode)-/.test(event.target.name)) this.boxes().moved.value = "";
      });
    }

    boxes() {
      const box = (name) => this.place.querySelector(`[name="${name}-${this.at}"]`);
      return { lat: box("lat"), lon: box("lon"), moved: box("moved") };
    }

    offer() {
      this.button.hidden = false;
      this.button.textContent = this.marker ? words.show : words.set;
    }

    put(spot) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "map-mark";
      button.textContent = Number(this.at) + 1;
      button.setAttribute("aria-label", words.label.replace("#", Number(this.at) + 1));
      button.setAttribute("aria-describedby", "point-help");
      const icon = L.divIcon({ html: button, className: "", iconSize: [0, 0] });
      this.marker = L.marker(spot, { icon, keyboard: false, draggable: true, autoPan: true }).addTo(this.map);
      this.marker.on("dragend", () => this.keep());
      button.addEventListener("keydown", (event) => this.press(event));
    }

    press(event) {
      const arrow = ARROWS[event.key];
      if (!arrow) return;
      event.preventDefault();
      event.stopPropagation();
      const metres = event.shiftKey ? STEP * 10 : STEP;
      const { lat, lng } = this.marker.getLatLng();
      const north = (arrow[0] * metres) / METRES_IN_DEGREE;
      const east = (arrow[1] * metres) / (METRES_IN_DEGREE * Math.cos((lat * Math.PI) / 180));
      this.marker.setLatLng([lat + north, lng + east]);
      this.map.panInside(this.marker.getLatLng(), { padding: [40, 40] });
      this.keep();
      status.textContent = words.moved.replace("#", metres).replace("@", words[event.key.toLowerCase()]);
    }

    keep() {
      const { lat, lng } = this.marker.getLatLng();
      const boxes = this.boxes();
      boxes.lat.value = lat.toFixed(6);
      boxes.lon.value = lng.toFixed(6);
      boxes.moved.value = "ja";
      boxes.moved.dispatchEvent(new Event("input", { bubbles: true }));
      status.textContent = words.put;
      this.offer();
    }
  }

  frame.addEventListener("map-ready", (event) => {
    const map = event.detail;
    const points = [...document.querySelectorAll("[data-point]")].map((place) => new Point(map, place));
    const marked = points.filter((point) => point.marker).map((point) => point.marker.getLatLng());
    if (marked.length) map.fitBounds(L.latLngBounds(marked).pad(0.2), { maxZoom: 15.5, animate: false });
  });
})();
