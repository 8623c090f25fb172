// Progressive enhancement for every page. Without this file all pages work; with it they answer sooner.

import { Button, Checkboxes, ErrorSummary, PasswordInput, Radios, SkipLink, createAll } from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

function enhance(scope) {
  for (const component of [Button, Checkboxes, ErrorSummary, PasswordInput, Radios, SkipLink]) {
    createAll(component, undefined, { scope });
  }
}

enhance(document);

// what a phone shows folded: closed at first there, always open where there is room
const folds = new Map();

function fold(scope) {
  for (const part of scope.querySelectorAll("details[data-fold]")) {
    const narrow = matchMedia(part.dataset.fold);
    const key = part.dataset.fold;
    part.open = !narrow.matches || folds.get(key) === true;
    part.addEventListener("toggle", () => folds.set(key, narrow.matches && part.open));
    narrow.addEventListener("change", () => {
      part.open = !narrow.matches;
    });
  }
}

fold(document);

// a wide table of months starts where the news is
for (const frame of document.querySelectorAll('[data-start="end"]')) {
  frame.scrollLeft = frame.scrollWidth;
}

// a button that prints the page: without this file it could not, so it is not shown
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// what htmx swaps in is enhanced like the rest
document.body.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) {
    enhance(event.detail.elt);
    fold(event.detail.elt);
  }
});

// what changed without a new page is said to people who do not see it
document.body.addEventListener("htmx:afterSettle", () => {
  for (const voice of document.querySelectorAll("[data-announce]")) {
    voice.textContent = document.querySelector(voice.dataset.announce)?.textContent.trim() ?? "";
  }
});

// whoever signs out, wherever: today's visits go from a crew's phone (what is not sent yet waits in crew.js's queue)
for (const form of document.querySelectorAll('form[action$="/sign-out/"]')) {
  form.addEventListener("submit", async () => {
    const days = "caches" in window ? (await caches.keys()).filter((name) => name.startsWith("crew-day-")) : [];
    await Promise.all(days.map((name) => caches.delete(name)));
  });
}
