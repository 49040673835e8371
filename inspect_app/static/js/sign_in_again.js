// A page whose sign-in has expired stays as it is, with all that was typed. Once its person has signed in again in
// another window, it takes the new session's token and sends once more what was refused meanwhile.

const notice = document.getElementById("sign-in-notice");
const channel = new BroadcastChannel("inspect-sign-in");
// The last refused request of each element.
const refused = new Map();

document.addEventListener("htmx:responseError", (event) => {
  const { xhr, elt, target, requestConfig } = event.detail;
  if (xhr.status !== 401) return;
  notice.querySelector("a").href = xhr.getResponseHeader("X-Sign-In") || notice.querySelector("a").href;
  refused.set(elt, { target, verb: requestConfig.verb, path: requestConfig.path, event: requestConfig.triggeringEvent });
  notice.hidden = false;
});

async function goOn() {
  if (notice.hidden) return;
  // As a request of the page's script: without a sign-in it is answered with 401 instead of the sign-in page.
  const answer = await fetch(notice.dataset.tokenUrl, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || notice.hidden) return;
  const { token, person } = await answer.json();
  const isSamePerson = person === document.body.dataset.person;
  notice.querySelector("[data-for=expired]").hidden = !isSamePerson;
  notice.querySelector("[data-for=other-person]").hidden = isSamePerson;
  if (!isSamePerson) return;
  takeToken(token);
  notice.hidden = true;
  sendAgain();
}

function takeToken(token) {
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
}

function sendAgain() {
  for (const [source, { verb, path, target, event }] of [...refused]) {
    refused.delete(source);
    if (source.isConnected) window.htmx.ajax(verb, path, { source, target, event });
  }
}

channel.addEventListener("message", goOn);
window.addEventListener("focus", goOn);
document.addEventListener("visibilitychange", () => { if (!document.hidden) goOn(); });

// The page that says "you are signed in again" tells the waiting pages so.
if (document.querySelector("[data-signed-in-again]")) channel.postMessage("signed in");
