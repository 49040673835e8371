// The rows of items are swapped while people may go on typing: what was typed in between is put into the new rows.

const rows = () => document.getElementById("items");
const textsOf = (root) => root.querySelectorAll("input[name]:not([type=hidden]), textarea[name]");
let typedSince = new Map();

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== rows()) return;
  const sent = event.detail.requestConfig.formData;
  typedSince = new Map();
  for (const control of textsOf(rows())) {
    if (sent.get(control.name) !== control.value) typedSince.set(control.name, control.value);
  }
});

document.addEventListener("htmx:afterSettle", () => {
  if (typedSince.size === 0 || !rows()) return;
  for (const control of textsOf(rows())) {
    if (typedSince.has(control.name)) control.value = typedSince.get(control.name);
  }
  typedSince = new Map();
});
