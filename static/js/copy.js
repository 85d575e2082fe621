/* Puts a button to copy after each number or address that carries data-copy. */
if (navigator.clipboard) {
  const status = document.createElement("p");
  status.className = "sr";
  status.setAttribute("role", "status");
  document.body.append(status);
  for (const source of document.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-quiet no-print";
    button.textContent = source.dataset.copyLabel ?? "Kopieer nummer";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(source.dataset.copy);
      button.textContent = "Gekopieerd";
      status.textContent = source.dataset.copied ?? `${source.dataset.copy} is gekopieerd`;
    });
    source.parentElement.append(button);
  }
}
