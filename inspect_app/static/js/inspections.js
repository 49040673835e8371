// The draft of a visit saves itself part by part. This says how it stands, sends again what did not arrive, and sends
// what was typed last when the page is left.

const RETRY_MS = 5000;
const form = document.getElementById("visit-form");
const statusLine = () => document.getElementById("save-status");
const parts = () => document.querySelectorAll("[data-autosave][data-unsaved]");

function say(kind) {
  const line = statusLine();
  line.className = `save-status is-${kind}`;
  line.querySelector("span").textContent = line.dataset[kind];
}

// What was typed last and has not been answered yet is marked on its part of the page.
form?.addEventListener("input", (event) => {
  const part = event.target.closest("[data-autosave]");
  if (part && event.target.type !== "file") {
    part.dataset.unsaved = String(Number(part.dataset.unsaved || 0) + 1);
  }
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.detail.elt;
  if (part.matches("[data-autosave]")) {
    part.dataset.sending = part.dataset.unsaved || "";
    say("saving");
  }
});

document.addEventListener("htmx:afterRequest", (event) => {
  const { elt, successful, xhr } = event.detail;
  if (!form || !elt.closest("#visit-form")) return;
  if (successful) {
    // Typed on while it was being sent: then the part is still unsaved.
    if (elt.matches("[data-autosave]") && elt.dataset.sending === elt.dataset.unsaved) delete elt.dataset.unsaved;
  } else if (event.detail.requestConfig.verb === "post") {
    say(xhr && xhr.status >= 400 && xhr.status < 500 && xhr.status !== 401 ? "refused" : "unsaved");
    if (xhr?.status === 400) takeFreshToken();
  }
});

function sendAgain() {
  for (const part of parts()) htmx.trigger(part, "save-now");
}
window.addEventListener("online", sendAgain);
setInterval(sendAgain, RETRY_MS);

// After signing in again in another window, the token of this page belongs to a session that is over.
async function takeFreshToken() {
  const answer = await fetch(form.action, { headers: { Accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = fresh.querySelector("#visit-form [name=csrf_token]")?.value;
  if (!token) return;
  for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  sendAgain();
}

// The page is left or the tablet put to sleep: what is not saved yet goes out now, and the browser sees it through.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden") return;
  for (const part of parts()) {
    const names = new Set(part.getAttribute("hx-params").split(","));
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (names.has(name)) body.append(name, value);
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    fetch(part.getAttribute("hx-post"), { method: "POST", body, headers, keepalive: true });
  }
});

// A whole form carries everything: nothing is left to save.
form?.addEventListener("submit", () => { for (const part of parts()) delete part.dataset.unsaved; });

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
