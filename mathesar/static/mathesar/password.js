// Shows and hides passwords, and says how strong a new one looks. The server judges; this only helps while typing.
const WORDS = ["", "Too short", "Weak", "Fair", "Strong"];

function level(text) {
  if (text.length < 8) return 1;
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((kind) => kind.test(text)).length;
  const size = new Set(text).size;
  if (/^[0-9]+$/.test(text) || size < 5) return 2;
  if (text.length >= 16 && size >= 8) return 4;
  if (text.length >= 12 && kinds >= 2) return kinds >= 3 ? 4 : 3;
  return kinds >= 3 ? 3 : 2;
}

for (const field of document.querySelectorAll("[data-password]")) {
  const input = field.querySelector("input");
  const button = field.querySelector("button");
  const strength = field.querySelector("[data-strength]");
  button.hidden = false;
  const name = field.querySelector("label").textContent.trim().toLowerCase();
  button.setAttribute("aria-label", `Show ${name}`);
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.textContent = shown ? "Hide" : "Show";
    button.setAttribute("aria-label", `${shown ? "Hide" : "Show"} ${name}`);
  });
  input.form.addEventListener("submit", () => { input.type = "password"; });
  if (!strength) continue;
  input.addEventListener("input", () => {
    const found = level(input.value);
    strength.hidden = !input.value;
    strength.dataset.level = found;
    const words = strength.querySelector(".strength-words");
    if (words.textContent !== WORDS[found]) words.textContent = WORDS[found];
  });
}
