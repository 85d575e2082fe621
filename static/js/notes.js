// Notes on a list, on this device only (localStorage), under the address of the list. They are never
// sent: the box has no name and stands in no form. Those of lists that are over are removed.
"use strict";
(() => {
  const prefix = "lijstje:";
  const today = document.querySelector("[data-notes-today]")?.dataset.notesToday ?? "";

  const read = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? {};
    } catch {
      return {};
    }
  };

  let isKept = true;
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(prefix) && !(read(key).until >= today)) localStorage.removeItem(key);
    }
    localStorage.setItem(`${prefix}?`, "");
    localStorage.removeItem(`${prefix}?`);
  } catch {
    isKept = false; // switched off: there are lines to write on
  }

  const part = document.querySelector("[data-notes]");
  if (!part || !isKept) return;
  const key = prefix + part.dataset.notes;
  const box = part.querySelector("textarea");
  const shown = part.querySelector("[data-notes-print]");
  const state = part.querySelector("[role=status]");

  const show = () => {
    shown.textContent = box.value;
    part.classList.toggle("notes-filled", box.value.trim() !== "");
  };

  const keep = () => {
    try {
      if (box.value.trim()) localStorage.setItem(key, JSON.stringify({ until: part.dataset.notesUntil, text: box.value }));
      else localStorage.removeItem(key);
      state.textContent = "";
    } catch {
      state.textContent = "Dit past er niet meer bij. Druk het lijstje nu af.";
    }
    show();
  };

  part.querySelector("[data-notes-box]").hidden = false;
  part.classList.add("notes-here");
  box.value = read(key).text ?? "";
  show();
  box.addEventListener("input", keep);
  part.querySelector("[data-notes-erase]").addEventListener("click", () => {
    box.value = "";
    keep();
    state.textContent = "Uw aantekeningen zijn gewist.";
    box.focus();
  });
})();
