// What every page needs: a lost sign-in or server is said, and a form is sent once.

import "./sign_in_again.js";

const show = (id, visible) => { document.getElementById(id).hidden = !visible; };

document.addEventListener("htmx:sendError", () => show("offline-notice", true));
document.addEventListener("htmx:responseError", (event) => {
  // A lost sign-in has its own notice, which also leads back in.
  if (event.detail.xhr.status !== 401) show("refused-notice", true);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) {
    show("offline-notice", false);
    show("refused-notice", false);
  }
});

// A second tap on a button sends nothing; the server would know the form again, but people need not wonder.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  window.addEventListener("pageshow", () => { delete form.dataset.sent; }, { once: true });
});

// The errors of a form that came back are read out first.
document.getElementById("error-summary")?.focus();

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.person-menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
