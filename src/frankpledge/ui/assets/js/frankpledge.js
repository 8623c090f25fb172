// Progressive enhancement for every page. Without this file all pages work; with it they answer sooner.

import { Button, Checkboxes, ErrorSummary, PasswordInput, Radios, SkipLink, createAll } from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

function enhance(scope) {
  for (const component of [Button, Checkboxes, ErrorSummary, PasswordInput, Radios, SkipLink]) {
    createAll(component, undefined, { scope });
  }
}

enhance(document);

// a wide table of months starts where the news is
for (const frame of document.querySelectorAll('[data-start="end"]')) {
  frame.scrollLeft = frame.scrollWidth;
}

// what htmx swaps in is enhanced like the rest
document.body.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) {
    enhance(event.detail.elt);
  }
});

// what changed without a new page is said to people who do not see it
document.body.addEventListener("htmx:afterSettle", () => {
  for (const voice of document.querySelectorAll("[data-announce]")) {
    voice.textContent = document.querySelector(voice.dataset.announce)?.textContent.trim() ?? "";
  }
});
