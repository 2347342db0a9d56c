// A text that is typed takes back "no value" and "default"; of those two, one counts. The server decides the same.
document.querySelectorAll("[data-box]").forEach((box) => {
  const field = document.getElementById(box.dataset.box);
  const others = () => document.querySelectorAll(`[data-box="${box.dataset.box}"]`);
  field.addEventListener("input", () => { box.checked = false; });
  box.addEventListener("change", () => {
    if (box.checked) others().forEach((each) => { each.checked = each === box; });
  });
});
// A double click would add two rows. Only for a moment: whoever stops the browser, or goes back, may send it again.
document.querySelectorAll("form.row-form").forEach((form) => {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    else setTimeout(() => { sent = false; }, 3000);
    sent = true;
  });
});
const alert = document.querySelector("[role=alert]");
const faulty = document.querySelector("[aria-invalid=true]");
if (alert && faulty) faulty.focus();
