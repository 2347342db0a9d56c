// A text that is typed takes back "no value" and "default"; of those two, one counts. The server decides the same.
document.querySelectorAll("[data-box]").forEach((box) => {
  const field = document.getElementById(box.dataset.box);
  const others = () => document.querySelectorAll(`[data-box="${box.dataset.box}"]`);
  field.addEventListener("input", () => { box.checked = false; });
  box.addEventListener("change", () => {
    if (box.checked) others().forEach((each) => { each.checked = each === box; });
  });
});
const alert = document.querySelector("[role=alert]");
const faulty = document.querySelector("[aria-invalid=true]");
if (alert && faulty) faulty.focus();
