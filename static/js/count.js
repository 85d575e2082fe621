// Tells that someone calls, mails or messages from the page of a listing: which listing, no more.
// Without script, or when it fails, it is not counted and nothing else changes.
"use strict";
(() => {
  const page = document.querySelector("[data-counted]");
  if (!page || !window.fetch) return;
  const ways = ["tel:", "mailto:", "https://wa.me/"];
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-reach] a[href]");
    if (!link || !ways.some((way) => link.href.startsWith(way))) return;
    fetch(page.dataset.countAt, {
      method: "POST",
      body: new URLSearchParams({ aanbod: page.dataset.counted }),
      credentials: "omit",
      keepalive: true,
    }).catch(() => {}); // no network: then it is not counted
  });
})();
