// A pasted URL fills the fields; the certificate's field shows where it is used; problems are marked and read out.
const form = document.getElementById("connection");
const input = (name) => form.elements.namedItem(name);

function showAuthority() {
  form.querySelector("[data-authority]").hidden = !input("sslmode").value.startsWith("verify");
}

async function fill() {
  const url = input("url").value.trim();
  if (!url) return;
  const body = new FormData();
  body.append("url", url);
  body.append("csrfmiddlewaretoken", input("csrfmiddlewaretoken").value);
  const answer = await fetch(form.dataset.fill, { method: "POST", body });
  const found = await answer.json().catch(() => ({}));
  const hint = document.getElementById("id_url_hint");
  input("url").toggleAttribute("aria-invalid", !found.fields);
  if (!found.fields) {
    hint.textContent = found.problem ? `${found.problem.message} ${found.problem.fix} (${found.problem.code})` : "That did not work; try again.";
    hint.classList.add("field-error");
    hint.setAttribute("role", "alert");
    return;
  }
  for (const [name, value] of Object.entries(found.fields)) input(name).value = value;
  input("password").value = decodeURIComponent(/[a-z]+:\/\/[^:]*:([^@]*)@/i.exec(url)?.[1] ?? ""); // the server has read it so
  input("url").value = "";
  hint.textContent = "The fields below are filled from it.";
  hint.classList.remove("field-error");
  hint.setAttribute("role", "status");
  if (input("name") && !input("name").value) input("name").value = found.fields.dbname;
  showAuthority();
}

showAuthority();
input("sslmode").addEventListener("change", showAuthority);
if (input("url")) {
  input("url").addEventListener("paste", () => setTimeout(fill));
  input("url").addEventListener("change", fill);
}
function noAnswer() {
  const outcome = document.getElementById("outcome");
  outcome.replaceChildren(document.getElementById("no-answer").content.cloneNode(true));
  outcome.focus();
}

document.body.addEventListener("htmx:sendError", noAnswer);
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  const ledAway = xhr.responseURL && new URL(xhr.responseURL).pathname !== location.pathname; // to the sign-in page
  if (!ledAway && (xhr.status < 400 || [409, 422, 429, 503].includes(xhr.status))) return;
  event.detail.shouldSwap = false;
  noAnswer();
});
document.body.addEventListener("htmx:afterSettle", () => {
  const outcome = document.getElementById("outcome");
  const invalid = new Set((outcome.dataset.invalid || "").split(" "));
  for (const field of form.elements) {
    if (field.name && invalid.has(field.name)) field.setAttribute("aria-invalid", "true");
    else if (field.name && field.name !== "url") field.removeAttribute("aria-invalid");
  }
  outcome.focus();
  outcome.scrollIntoView({ block: "nearest" });
});
