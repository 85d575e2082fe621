/* "Snel weg": leaves at once and takes this page out of the history; Escape twice does the same. */
const link = document.getElementById("snel-weg");
const leave = () => window.location.replace(link.href);
link.addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});
for (const hint of document.querySelectorAll(".only-script")) hint.hidden = false;
let last = -Infinity;
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (event.timeStamp - last < 1000) leave();
  last = event.timeStamp;
});
