/* Says at once that a photo is too heavy, before it is sent; the form goes nowhere meanwhile. */
for (const box of document.querySelectorAll("input[type=file][data-most]")) {
  box.form.addEventListener("submit", (event) => {
    const file = box.files[0];
    const isHeavy = Boolean(file) && file.size > Number(box.dataset.most);
    box.setCustomValidity(isHeavy ? box.dataset.tooHeavy : "");
    if (isHeavy) {
      event.preventDefault();
      box.reportValidity();
    }
  });
  box.addEventListener("change", () => box.setCustomValidity(""));
}
