// The draft of a visit saves itself part by part. This says how it stands, sends again what did not arrive, and sends
// what was typed last when the page is left.

const RETRY_MS = 5000;
const KEPT_MS = 30000;
const form = document.getElementById("visit-form");
const statusLine = () => document.getElementById("save-status");
const namesIn = (part) => part.getAttribute("hx-params").split(",");

// The fields whose text the server has not confirmed yet, each with how often it was typed into.
const unsaved = new Map();
const sentWith = new WeakMap();
// The server said no: sending the same again would change nothing, until something else is typed.
let isRefused = false;
const unsavedParts = () =>
  [...document.querySelectorAll("[data-autosave]")].filter((part) => namesIn(part).some((name) => unsaved.has(name)));

function say(kind) {
  const line = statusLine();
  line.className = `save-status is-${kind}`;
  line.querySelector("span").textContent = line.dataset[kind];
}

form?.addEventListener("input", ({ target }) => {
  if (target.name && target.type !== "file" && target.closest("[data-autosave]")) {
    isRefused = false;
    unsaved.set(target.name, (unsaved.get(target.name) || 0) + 1);
  }
});

// What is saved already is not sent again: another officer may have changed it since, and what is missing stays as it is.
// A row of goods is one thing: it is sent whole or not at all, and a new one always.
form?.addEventListener("formdata", ({ formData }) => {
  for (const part of form.querySelectorAll("[data-autosave]:not([data-new])")) {
    const names = namesIn(part);
    if (part.hasAttribute("data-whole") && names.some((name) => unsaved.has(name))) continue;
    for (const name of names) if (!unsaved.has(name)) formData.delete(name);
  }
});

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.requestConfig.verb !== "post" || detail.elt.matches("[data-saves-nothing]")) return;
  const versions = [...detail.requestConfig.formData.keys()].map((name) => [name, unsaved.get(name)]);
  sentWith.set(detail.xhr, versions);
  if (detail.elt.matches("[data-autosave]")) say("saving");
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const versions = sentWith.get(detail.xhr);
  if (!versions) return;
  if (detail.successful) {
    // What was typed on while this was under way is still unsaved.
    for (const [name, version] of versions) if (unsaved.get(name) === version) unsaved.delete(name);
    document.getElementById("sign-in-notice").hidden = true;
  } else {
    const status = detail.xhr.status;
    isRefused = status >= 400 && status < 500 && status !== 401;
    say(isRefused ? "refused" : "unsaved");
    if (status === 400) takeFreshToken();
  }
});

function sendAgain() {
  if (isRefused) return;
  for (const part of unsavedParts()) htmx.trigger(part, "save-now");
}
window.addEventListener("online", sendAgain);
setInterval(sendAgain, RETRY_MS);

// Who signed in again in another window has a new session: this page goes on with its token, if it is the same person.
async function takeFreshToken() {
  const url = document.getElementById("sign-in-notice").dataset.tokenUrl;
  const answer = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return;
  const { token, person } = await answer.json();
  const field = form.elements.namedItem("csrf_token");
  if (person !== document.body.dataset.person || field.value === token) return;
  for (const hidden of document.querySelectorAll("[name=csrf_token]")) hidden.value = token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  isRefused = false;
  sendAgain();
}

form?.addEventListener("submit", () => { form.dataset.leaving = "yes"; });
window.addEventListener("pageshow", () => { delete form?.dataset.leaving; });

// The page is left or the tablet put to sleep: what is not saved yet goes out now, and the browser sees it through.
const KEPT = `unsaved ${window.location.pathname}`;
document.addEventListener("visibilitychange", () => {
  if (!form || document.visibilityState !== "hidden" || form.dataset.leaving) return;
  const kept = [];
  for (const part of unsavedParts()) {
    const names = new Set(namesIn(part));
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (names.has(name)) body.append(name, value);
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    fetch(part.getAttribute("hx-post"), { method: "POST", body, headers, keepalive: true }).catch(() => {});
    kept.push(...body);
  }
  // A page that is loaded again at once may be older than what was just sent. Persons' names stay out of this.
  const values = kept.filter(([name]) => !name.startsWith("goods-") && name !== "venue_representative");
  if (values.length) sessionStorage.setItem(KEPT, JSON.stringify({ at: Date.now(), values }));
});

function takeBackKept() {
  const { at, values } = JSON.parse(sessionStorage.getItem(KEPT) || "{}");
  sessionStorage.removeItem(KEPT);
  if (!values || Date.now() - at > KEPT_MS) return;
  for (const [name, value] of values) {
    const field = form.elements.namedItem(name);
    if (!field || field.value === value) continue;
    field.value = value;
    const control = field instanceof RadioNodeList ? [...field].find((radio) => radio.checked) : field;
    control?.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// A new line takes the place: the lines before it close, unless something in them is wrong.
document.addEventListener("htmx:afterSwap", (event) => {
  if (!event.detail.requestConfig?.elt.matches("[data-adds-line]")) return;
  const lines = [...document.querySelectorAll("#goods-lines > .is-open")];
  const added = lines.pop();
  for (const line of lines) {
    if (!line.querySelector(".field-error")) line.querySelector("[data-done]").click();
  }
  added?.scrollIntoView({ block: "start" });
});

for (const button of document.querySelectorAll("[data-set-now]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.setNow);
    // The venues' clock, whatever the tablet's own zone is.
    field.value = new Date().toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" }).slice(0, 16).replace(" ", "T");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

if (form) takeBackKept();
