// The link in the log carries the code after "#". It goes into the field, and out of the address bar and the history.
// It stays in this tab only, so that a form that comes back need not ask for it again.
const KEEP = "mathesar-setup-code";
const field = document.getElementById("id_code");

function takeFromAddress() {
  const carried = decodeURIComponent(location.hash.slice(1));
  if (!carried || carried === "main") return false;
  history.replaceState(null, "", location.pathname + location.search);
  field.value = carried;
  return true;
}

addEventListener("hashchange", takeFromAddress); // the link was opened in a tab that shows this page already
if (!takeFromAddress() && field.getAttribute("aria-invalid") !== "true") {
  field.value = field.value || sessionStorage.getItem(KEEP) || "";
}
sessionStorage.removeItem(KEEP);
field.form.addEventListener("submit", () => sessionStorage.setItem(KEEP, field.value));
const wrong = field.form.querySelector('[aria-invalid="true"]');
(wrong || (field.value ? document.getElementById("id_username") : field)).focus();
