// Answers the crew's pages where there is no signal. Pages with names and addresses are put by crew.js into a cache that
// carries its own end ("crew-day-<milliseconds>"); this script never keeps a page itself, and drops what has ended.

const CODE = "crew-code";
const DAY = "crew-day-";
const SHELL = "{% url "home_security:crew_shell" %}";
const WAITS_MS = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function dropEnded() {
  for (const name of await caches.keys()) {
    if (name.startsWith(DAY) && Number(name.slice(DAY.length)) <= Date.now()) {
      await caches.delete(name);
    }
  }
}

async function kept(path) {
  await dropEnded();
  for (const name of await caches.keys()) {
    if (name.startsWith(DAY)) {
      const found = await (await caches.open(name)).match(path, { ignoreVary: true });
      if (found) {
        return found;
      }
    }
  }
  return (await caches.open(CODE)).match(SHELL, { ignoreVary: true });
}

async function page(request) {
  const path = new URL(request.url).pathname;
  let late;
  const patience = new Promise((resolve) => {
    late = setTimeout(resolve, WAITS_MS);
  });
  const asked = fetch(request).catch(() => undefined);
  let answer = await Promise.race([asked, patience]);
  clearTimeout(late);
  if (answer && answer.status < 500) {
    return answer;
  }
  const found = await kept(path);
  if (found) {
    return found;
  }
  answer ??= await asked;
  return answer ?? Response.error();
}

// Code that is kept is used at once and looked for anew behind it.
async function code(request) {
  const cache = await caches.open(CODE);
  const found = await cache.match(request);
  const fresh = fetch(request).then((answer) => {
    if (answer.ok) {
      cache.put(request, answer.clone());
    }
    return answer;
  });
  if (!found) {
    return fresh;
  }
  fresh.catch(() => undefined);
  return found;
}

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) {
    return;
  }
  if (request.mode === "navigate") {
    event.respondWith(page(request));
  } else if (address.pathname.startsWith("{{ static_url }}") || address.pathname.startsWith("/colours/")) {
    event.respondWith(code(request));
  }
});
