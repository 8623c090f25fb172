// The crew's pages on a phone. Every tap is saved here at once; a finished visit waits in a queue and is sent, once, when
// there is signal. Without this file the same pages are plain forms.
//
// What is kept where: caches "crew-code" (no names) and "crew-day-<end in ms>" (today's pages); in the database "crew"
// drafts of visits not finished, the queue of finished ones with their photos, and notes. Queue and photos leave the
// phone only by being sent; everything else goes at the end of the day and on sign-out.

const body = document.body;
const told = body.dataset;
const words = JSON.parse(document.getElementById("words").textContent);
const person = Number(told.person);
const CODE = "crew-code";
const DAY = "crew-day-";
const AGAIN_MS = 5000;
const WORD_MS = 300000; // an open page with signal says so this often: the coordinator sees whose phone is silent
const SIGNAL_MS = 8000;
const LARGEST_PHOTO = 40 * 2 ** 20;
const LONGEST_SIDE = 1600;
const ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";

const say = (key, values = {}) =>
  Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), words[key]);

// -- what is kept on the phone ---------------------------------------------------------------------------------------

const opened = new Promise((resolve, reject) => {
  const request = indexedDB.open("crew", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("drafts", { keyPath: "visit" });
    request.result.createObjectStore("queue", { keyPath: "key" });
    request.result.createObjectStore("photos", { keyPath: "key" });
    request.result.createObjectStore("notes", { keyPath: "name" });
  };
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

// Resolves when it is safely written, not when it was asked for.
async function store(name, mode, act) {
  const database = await opened;
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(name, mode, { durability: "strict" });
    const request = act(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

const all = (name) => store(name, "readonly", (s) => s.getAll());
const get = (name, key) => store(name, "readonly", (s) => s.get(key));
const put = (name, value) => store(name, "readwrite", (s) => s.put(value));
const drop = (name, key) => store(name, "readwrite", (s) => s.delete(key));
const note = async (name) => (await get("notes", name))?.value;
const mine = async (name) => (await all(name)).filter((row) => row.person === person);

const clock = (at = new Date()) =>
  `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;

// -- the end of the day ----------------------------------------------------------------------------------------------

// Today's pages go. A visit begun and never finished goes into the queue as that: it leaves the phone by being sent.
async function wipeDay() {
  for (const name of await caches.keys()) {
    if (name.startsWith(DAY)) {
      await caches.delete(name);
    }
  }
  for (const draft of await all("drafts")) {
    if (draft.begun) {
      const entries = new Map(draft.entries.map(([name, value]) => [name, value]));
      const written = [words.unfinished, entries.get("note")].filter(Boolean).join(" ");
      const kept = draft.entries.filter(([name]) => name !== "note" && name !== "outcome");
      await put("queue", {
        ...queued(draft, "not finished", [...kept, ["note", written], ["outcome", "not finished"]]),
        photos: (await all("photos")).filter((photo) => photo.visit === draft.visit).length,
      });
    }
    await drop("drafts", draft.visit);
  }
  for (const { name } of await all("notes")) {
    if (name !== "signed out") {
      await drop("notes", name);
    }
  }
}

async function keepTheDay() {
  const end = Number(told.wipeAt);
  const known = await note("end");
  if (known && known <= Date.now()) {
    await wipeDay();
  }
  if (end && end <= Date.now()) {
    location.replace(told.shell); // this page was kept, and its day is over
  }
  if (end && end > Date.now()) {
    await put("notes", { name: "end", value: end });
  }
}

function watchTheClock() {
  setInterval(async () => {
    const end = await note("end");
    if (end && end <= Date.now()) {
      await wipeDay();
      location.replace(told.shell);
    }
  }, 20000);
}

// -- today's pages and the code, for when there is no signal -----------------------------------------------------------

async function keepCode() {
  const cache = await caches.open(CODE);
  const parts = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")];
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name); // the typeface, too
  const code = new Set([
    ...parts.map((part) => part.href || part.src),
    ...loaded.filter((address) => address.endsWith(".woff2")),
  ]);
  await Promise.all(
    [...code].map(async (address) => {
      if (!(await cache.match(address))) {
        await cache.add(address);
      }
    }),
  );
  await cache.add(told.shell); // anew each time: it says whose phone this is now
}

async function keepPages() {
  const end = Number(told.wipeAt);
  const list = [...document.querySelectorAll("[data-visit][data-version]")];
  if (!end || end <= Date.now() || !list.length || (await note("signed out"))) {
    return;
  }
  const cache = await caches.open(`${DAY}${end}`);
  await cache.add(told.home);
  const before = (await note("kept pages")) ?? {};
  const now = {};
  for (const part of list) {
    const { visit, version } = part.dataset;
    const address = part.querySelector("h3 a").href;
    if (before[visit] !== version || !(await cache.match(address))) {
      await cache.add(address);
    }
    now[visit] = version;
  }
  await put("notes", { name: "kept pages", value: now });
  body.dataset.kept = String(list.length);
}

// -- sending ----------------------------------------------------------------------------------------------------------

const queued = (draft, outcome, entries) => ({
  key: entries.find(([name]) => name === "client_key")[1],
  visit: draft.visit,
  person,
  day: draft.day,
  address: draft.address,
  outcome,
  entries,
  at: clock(),
  photos: 0,
  signed: entries.some(([name, value]) => name === "signature" && value),
});

let state = "unknown";
let sending = false;

async function ask(address, options = {}) {
  const patience = new AbortController();
  const late = setTimeout(() => patience.abort(), options.body ? 60000 : SIGNAL_MS);
  try {
    return await fetch(address, { redirect: "manual", cache: "no-store", signal: patience.signal, ...options });
  } catch {
    return null;
  } finally {
    clearTimeout(late);
  }
}

// "ok" with a token, or why not: no signal, nobody answers, sign in first.
async function signal() {
  const answer = navigator.onLine === false ? null : await ask(told.signal);
  if (!answer) {
    return { state: navigator.onLine === false ? "no signal" : "no answer" };
  }
  if (answer.type === "opaqueredirect" || answer.status === 404) {
    return { state: "sign in" };
  }
  if (!answer.ok) {
    return { state: "no answer" };
  }
  const said = await answer.json();
  return said.person === person ? { state: "ok", token: said.token } : { state: "sign in" };
}

async function post(address, entries, token) {
  const form = new FormData();
  for (const [name, value] of [...entries, ["csrfmiddlewaretoken", token]]) {
    form.append(name, value);
  }
  const answer = await ask(address, { method: "POST", body: form, headers: { Accept: "application/json" } });
  if (!answer || (!answer.ok && answer.status !== 422)) {
    return null; // no answer is no answer: it stays and is sent again, under the same key
  }
  return answer.json();
}

async function sendOne(item, token) {
  const address = `${told.home}${item.visit}/`;
  if (!item.answer) {
    const said = await post(address, item.entries, token);
    if (!said) {
      return false;
    }
    if (said.problem) {
      await put("queue", { ...item, problem: said.problem });
      return true;
    }
    item = { ...item, answer: said, problem: "" };
    await put("queue", item);
  }
  for (const photo of (await all("photos")).filter((one) => one.visit === item.visit)) {
    const entries = [["client_key", photo.key], ["caption", photo.caption], ["photo", photo.blob]];
    const said = await post(`${address}photo/`, entries, token);
    if (!said) {
      return false;
    }
    if (said.problem) {
      item.answer.doubts.push(said.problem);
    }
    await drop("photos", photo.key);
  }
  const sent = (await note("sent")) ?? {};
  sent[item.visit] = { ...item.answer, outcome: item.outcome, at: item.at };
  await put("notes", { name: "sent", value: sent });
  await drop("queue", item.key);
  return true;
}

// Sends what waits, one after the other; two open pages take turns.
async function send() {
  if (sending) {
    return;
  }
  sending = true;
  let went = 0;
  try {
    const found = await signal();
    state = found.state;
    if (state === "sign in") {
      await drop("notes", "signed out"); // that session is over by itself
    }
    if (state === "ok") {
      await navigator.locks.request("crew-send", async () => {
        for (const item of (await mine("queue")).filter((one) => !one.problem)) {
          state = "sending";
          await show();
          if (!(await sendOne(item, found.token))) {
            state = "no answer";
            return;
          }
          went += 1;
        }
        state = "ok";
      });
      if (state === "ok" && (await note("signed out")) && !(await mine("queue")).length) {
        await signOutNow(found.token);
      }
    }
  } finally {
    sending = false;
  }
  await show();
  if (went && state === "ok" && document.querySelector("[data-waiting]") && !(await mine("queue")).length) {
    location.reload(); // the server's own word on what was just sent
  }
}

// -- what the page says -------------------------------------------------------------------------------------------------

async function banner() {
  const part = document.querySelector("[data-banner]");
  const queue = await mine("queue");
  const others = (await all("queue")).length - queue.length;
  const lines = [];
  if (state === "no signal") {
    lines.push([say("no_signal", { time: (await note("silent since")) ?? clock() }), queue.length ? "" : words.carry_on]);
  } else if (state === "no answer") {
    lines.push([words.server_down, ""]);
  } else if (state === "sign in") {
    lines.push([words.sign_in, ""]);
  } else if (state === "sending") {
    lines.push([words.sending, ""]);
  }
  if (queue.length) {
    const counts = {
      visits: queue.length,
      photos: queue.reduce((count, item) => count + item.photos, 0),
      signatures: queue.filter((item) => item.signed).length,
    };
    const things = Object.entries(counts).filter(([, n]) => n);
    const list = things.map(([name, n]) => (n === 1 ? words[`${name}_one`] : say(`${name}_many`, { n })));
    lines.push([words.not_yet, say("goes_once", { things: list.join(", ") })]);
  }
  if (others) {
    lines.push(["", say("somebody_else", { n: others })]);
  }
  for (const item of queue.filter((one) => one.problem)) {
    lines.push([`${item.address}:`, item.problem]);
  }
  if (await note("signed out")) {
    lines.push(["", words.out_later]);
  }
  const paragraphs = lines.map(([strong, text]) => {
    const line = document.createElement("p");
    if (strong) {
      line.append(Object.assign(document.createElement("strong"), { textContent: strong }), " ");
    }
    line.append(text);
    return line;
  });
  if (state === "sign in") {
    paragraphs[0].append(" ", Object.assign(document.createElement("a"), { href: told.home, textContent: words.sign_in_here }));
  }
  part.classList.toggle("is-silent", state === "no signal");
  if (part.textContent !== paragraphs.map((line) => line.textContent).join("")) {
    const icon = state === "no signal" ? [document.querySelector("[data-silent]").content.cloneNode(true)] : [];
    part.replaceChildren(...icon, ...paragraphs);
  }
  part.hidden = !lines.length;
  part.classList.toggle("is-good", state === "sending");
  body.dataset.state = state;
  body.dataset.waits = String(queue.length);
}

const STATES = { done: "done", "not finished": "not_finished", "no answer": "no_answer" };

function tag(kind, text) {
  return Object.assign(document.createElement("span"), { className: `fc-tag fc-tag--${kind}`, textContent: text });
}

// The list as this phone knows it: what waits in the queue has ended, whatever the page that was kept says.
async function list() {
  const waiting = document.querySelector("[data-waiting]");
  if (!waiting) {
    return;
  }
  const queue = new Map((await mine("queue")).map((item) => [String(item.visit), item]));
  const drafts = new Map((await mine("drafts")).map((draft) => [String(draft.visit), draft]));
  const sent = (await note("sent")) ?? {};
  for (const part of document.querySelectorAll("[data-visit][data-version]")) {
    const { visit } = part.dataset;
    const item = queue.get(visit) ?? sent[visit];
    const line = part.querySelector("[data-status]");
    if (item) {
      const what = document.createElement("span");
      what.textContent = say(STATES[item.outcome], { time: item.at });
      const answer = item.answer ?? item;
      let how = tag("warn", item.problem ? words.look_again : words.not_sent);
      if (!queue.has(visit)) {
        how = answer.state === "taken" ? tag("good", `${words.sent} ✓`) : tag("warn", words.kept);
      }
      line.replaceChildren(what, " ", how);
      part.classList.add("is-ended");
      if (item.outcome === "done") {
        part.querySelector(".fc-visit__number").textContent = "✓";
      }
      part.classList.remove("is-next");
      if (part.parentElement === waiting) {
        document.querySelector("ol[data-ended]").prepend(part);
        document.querySelector("[data-ended-part]").hidden = false;
      }
    } else if (drafts.get(visit)?.begun && !part.classList.contains("is-ended")) {
      line.replaceChildren(tag("plain", say("draft", { time: drafts.get(visit).begun })));
    }
  }
  waiting.firstElementChild?.classList.add("is-next");
  const heading = document.querySelector("[data-count]");
  const ended = document.querySelectorAll("ol[data-ended] > li").length;
  heading.textContent = say("of_done", { n: ended, total: heading.dataset.total });
}

async function show() {
  if (state === "no signal") {
    (await note("silent since")) ?? (await put("notes", { name: "silent since", value: clock() }));
  } else if (state !== "unknown") {
    await drop("notes", "silent since");
  }
  await banner();
  await list();
}

// -- one visit ------------------------------------------------------------------------------------------------------------

const form = document.querySelector("[data-form]");

// Luhn's method over 34 signs; the same rule as rules/crew.py of safe homes.
export function wellFormed(written) {
  const code = written.replace(/[\s-]/g, "").toUpperCase().replaceAll("O", "0").replaceAll("I", "1");
  if (code.length < 6 || code.length > 20 || [...code].some((sign) => !ALPHABET.includes(sign))) {
    return false;
  }
  const base = ALPHABET.length;
  const total = [...code].reverse().reduce((sum, sign, place) => {
    const value = ALPHABET.indexOf(sign) * (place % 2 ? 2 : 1);
    return sum + Math.floor(value / base) + (value % base);
  }, 0);
  return total % base === 0;
}

function entriesOf(submitter) {
  return [...new FormData(form, submitter)].filter(
    ([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken",
  );
}

const draftOf = (begun) => ({
  visit: Number(told.visit),
  person,
  day: told.day,
  address: document.querySelector("h1").textContent,
  begun,
  entries: entriesOf(),
});

let lastSave = Promise.resolve();

function save() {
  const began = form.elements.began;
  began.value ||= clock();
  lastSave = put("drafts", draftOf(began.value));
  steps();
  return lastSave;
}

function restore(draft) {
  const seenNow = ["version", "day"]; // as the page shows them now, not as they were when it was begun
  for (const box of form.querySelectorAll("input[type=checkbox], input[type=radio]")) {
    box.checked = draft.entries.some(([name, value]) => name === box.name && value === box.value);
  }
  for (const [name, value] of draft.entries.filter(([name]) => !seenNow.includes(name))) {
    const field = form.elements[name];
    if (field instanceof HTMLInputElement && !["checkbox", "radio", "file"].includes(field.type)) {
      field.value = value;
    } else if (field instanceof HTMLTextAreaElement) {
      field.value = value;
    }
  }
}

// How many of the six parts are filled in, as a bar and in words.
function steps() {
  const frame = document.querySelector("[data-steps]");
  const value = (name) => form.elements[name]?.value ?? "";
  const parts = {
    found: [...form.querySelectorAll("input[name^=found_]:checked")].length > 0,
    fitted: [...form.querySelectorAll("input[name^=fitted_]")].some((field) => Number(field.value) > 0),
    kit: wellFormed(value("kit_code")),
    photos: document.querySelectorAll("[data-photos] li").length > 0,
    signed: Boolean((value("signature") && value("signed_by")) || value("not_signed_because")),
    finished: false,
  };
  for (const section of form.querySelectorAll("[data-step]")) {
    section.classList.toggle("is-full", parts[section.dataset.step]);
  }
  document.querySelector("[data-since]").textContent = value("began") ? ` · ${say("since", { time: value("began") })}` : "";
  const done = Object.values(parts);
  const count = done.filter(Boolean).length;
  frame.hidden = false;
  frame.querySelector("[data-steps-words]").textContent = say("parts", { n: count });
  frame.querySelector("svg").replaceChildren(
    ...done.map((filled, place) => {
      const part = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [name, at] of [["x", `${(place * 100) / 6}%`], ["width", "15.6%"], ["height", "8"]]) {
        part.setAttribute(name, at);
      }
      part.setAttribute("class", filled ? "is-full" : "is-empty");
      return part;
    }),
  );
}

function counters() {
  for (const frame of form.querySelectorAll(".fc-count")) {
    const field = frame.querySelector("input");
    for (const [name, step] of [["less", -1], ["more", 1]]) {
      const button = frame.querySelector(`[data-${name}]`);
      button.hidden = false;
      button.addEventListener("click", () => {
        field.value = Math.max(0, Math.min(50, Number(field.value || 0) + step));
        save();
      });
    }
  }
}

function kitCode() {
  const field = form.elements.kit_code;
  if (!field) {
    return;
  }
  const line = document.querySelector("[data-code-words]");
  const check = () => {
    const good = wellFormed(field.value);
    line.textContent = field.value ? (good ? words.code_good : words.code_bad) : "";
    line.classList.toggle("is-bad", Boolean(field.value) && !good);
  };
  field.addEventListener("input", check);
  check();
  const scan = document.querySelector("[data-scan]");
  if (!("BarcodeDetector" in window)) {
    return;
  }
  scan.hidden = false;
  scan.querySelector("input").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    const found = await new BarcodeDetector()
      .detect(await createImageBitmap(file))
      .catch(() => []);
    if (found.length) {
      field.value = found[0].rawValue;
      check();
      await save();
    } else {
      line.textContent = words.code_not_seen;
    }
    event.target.value = "";
  });
}

// -- photos: made small and drawn anew here, which also leaves behind where they were taken --------------------------------

async function smaller(file, side, type) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return type === "blob" ? new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8)) : canvas.toDataURL("image/jpeg", 0.7);
}

async function showPhotos() {
  const list = document.querySelector("[data-photos]");
  const photos = (await all("photos")).filter((photo) => photo.visit === Number(told.visit));
  const parts = await Promise.all(
    photos.map(async (photo, place) => {
      const part = document.createElement("li");
      const image = document.createElement("img");
      image.src = await smaller(photo.blob, 240, "data");
      image.alt = say("photo", { n: place + 1 });
      const away = document.createElement("button");
      away.type = "button";
      away.className = "fc-photos__away";
      away.textContent = "×";
      away.setAttribute("aria-label", say("remove", { n: place + 1 }));
      away.addEventListener("click", async () => {
        await drop("photos", photo.key);
        await showPhotos();
      });
      const caption = Object.assign(document.createElement("input"), {
        className: "fc-input fc-photos__caption", maxLength: 200, value: photo.caption, autocomplete: "off",
        placeholder: words.what_it_shows,
      });
      caption.setAttribute("aria-label", say("shows", { n: place + 1 }));
      caption.addEventListener("input", () => {
        photo.caption = caption.value;
        lastSave = put("photos", photo);
      });
      part.append(image, away, caption);
      return part;
    }),
  );
  list.replaceChildren(...parts);
  steps();
}

async function addPhotos(event) {
  const line = document.querySelector("[data-photo-words]");
  line.textContent = "";
  for (const file of [...event.target.files]) {
    if (file.size > LARGEST_PHOTO) {
      line.textContent = words.photo_large;
      continue;
    }
    try {
      const blob = await smaller(file, LONGEST_SIDE, "blob");
      await put("photos", { key: crypto.randomUUID(), visit: Number(told.visit), person, caption: "", blob });
    } catch {
      line.textContent = words.photo_bad; // the browser could not decode it
    }
  }
  event.target.value = "";
  await save();
  await showPhotos();
}

// -- the signature ----------------------------------------------------------------------------------------------------------

function signature() {
  const frame = document.querySelector("[data-sign]");
  const canvas = frame.querySelector("canvas");
  const pen = canvas.getContext("2d");
  const field = form.elements.signature;
  frame.hidden = false;
  Object.assign(pen, { lineWidth: 4, lineCap: "round", lineJoin: "round", strokeStyle: "#17315c" });
  const draw = () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.stroke(new Path2D(field.value));
  };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    const x = Math.round(((event.clientX - box.left) * canvas.width) / box.width);
    const y = Math.round(((event.clientY - box.top) * canvas.height) / box.height);
    return `${Math.max(0, Math.min(canvas.width, x))} ${Math.max(0, Math.min(canvas.height, y))}`;
  };
  let drawing = false;
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    drawing = true;
    field.value += `${field.value ? " " : ""}M${at(event)}`;
  });
  canvas.addEventListener("pointermove", (event) => {
    if (drawing && field.value.length < 28000) {
      field.value += ` L${at(event)}`;
      draw();
    }
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      drawing = false;
      save();
    });
  }
  frame.querySelector("[data-sign-again]").addEventListener("click", () => {
    field.value = "";
    draw();
    save();
  });
  draw();
}

// -- finishing ----------------------------------------------------------------------------------------------------------------

function lacking(outcome) {
  const value = (name) => form.elements[name].value.trim();
  const problems = [];
  if (value("began") && value("ended") && value("ended") < value("began")) {
    problems.push(words.backwards);
  }
  if (outcome === "done" && !value("not_signed_because") && !value("signed_by")) {
    problems.push(words.signature);
  }
  if (outcome === "not finished" && !value("note")) {
    problems.push(words.why);
  }
  return problems;
}

async function finish(event) {
  event.preventDefault();
  const outcome = event.submitter?.value ?? "done";
  form.elements.began.value ||= clock();
  form.elements.ended.value ||= clock();
  const problems = lacking(outcome);
  const box = document.querySelector("[data-problems]");
  box.hidden = !problems.length;
  box.querySelector("ul").replaceChildren(
    ...problems.map((text) => Object.assign(document.createElement("li"), { textContent: text })),
  );
  if (problems.length) {
    box.focus();
    return;
  }
  await lastSave;
  const entries = entriesOf(event.submitter);
  const photos = (await all("photos")).filter((photo) => photo.visit === Number(told.visit)).length;
  await put("queue", { ...queued(draftOf(form.elements.began.value), outcome, entries), photos });
  await drop("drafts", Number(told.visit));
  location.assign(told.home);
}

async function prepareVisit() {
  const waiting = (await mine("queue")).find((item) => item.visit === Number(told.visit));
  const sent = ((await note("sent")) ?? {})[told.visit];
  if ((waiting && !waiting.problem) || sent) {
    const item = waiting ?? sent;
    const part = document.querySelector("[data-queued]");
    form.hidden = true;
    part.hidden = false;
    part.querySelector("[data-queued-words]").textContent = say(STATES[item.outcome], { time: item.at });
    part.querySelector("[data-queued-more]").textContent = waiting
      ? words.waits
      : [item.sentence, ...item.doubts].join(" ");
    return;
  }
  const draft = waiting ?? (await mine("drafts")).find((one) => one.visit === Number(told.visit));
  if (draft) {
    restore(draft);
  } else if (location.hash === "#start") {
    await save();
  }
  form.addEventListener("input", (event) => {
    if (event.target.type !== "file") {
      save();
    }
  });
  form.addEventListener("submit", finish);
  form.elements.photos.addEventListener("change", addPhotos);
  counters();
  kitCode();
  signature();
  await showPhotos();
  body.dataset.ready = "";
}

// -- signing out ------------------------------------------------------------------------------------------------------------

async function signOutNow(token) {
  await drop("notes", "signed out");
  const out = document.querySelector("[data-sign-out]");
  out.querySelector("[name=csrfmiddlewaretoken]").value = token;
  out.submit();
}

async function signOut(event) {
  event.preventDefault();
  await send();
  const waits = await mine("queue");
  if (waits.some((item) => item.problem)) {
    const part = document.querySelector("[data-banner]");
    part.replaceChildren(Object.assign(document.createElement("p"), { textContent: words.out_problem }));
    part.hidden = false;
    return;
  }
  await wipeDay();
  await put("notes", { name: "signed out", value: true });
  await send();
  if (state !== "ok") {
    location.assign(told.shell);
  }
}

// -- all together -------------------------------------------------------------------------------------------------------------

// Telephones of Apple know no "geo:" addresses.
function directions() {
  if (/iPhone|iPad/.test(navigator.userAgent)) {
    for (const link of document.querySelectorAll("[data-directions]")) {
      link.href = `maps://?daddr=${link.dataset.directions}`;
    }
  }
}

async function begin() {
  directions();
  document.querySelector("[data-sign-out]")?.addEventListener("submit", signOut);
  await keepTheDay();
  if (form) {
    await prepareVisit();
  }
  await show();
  if ("serviceWorker" in navigator) {
    await navigator.serviceWorker.register(told.worker, { scope: told.home });
    await navigator.serviceWorker.ready;
  }
  await send();
  if (state === "ok") {
    await keepCode();
    await keepPages();
  }
  addEventListener("online", send);
  addEventListener("offline", () => {
    state = "no signal";
    show();
  });
  document.addEventListener("visibilitychange", () => document.hidden || send());
  setInterval(async () => {
    if (state !== "ok" || (await mine("queue")).some((item) => !item.problem) || (await note("signed out"))) {
      await send();
    }
  }, AGAIN_MS);
  setInterval(send, WORD_MS);
  watchTheClock();
}

if ("crew" in told) {
  begin();
}
