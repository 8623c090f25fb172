// Brings the picture of an area to life: the map says what the pointer or the arrow keys are on, and its row lights up with
// it. Without this file the map is an image with a title on each area, and the tables have every number.

const HERE = "is-here";
const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

function centre(shape) {
  const box = shape.getBBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

// The nearest area whose centre lies in the direction of the key, straight ahead counting for more than aside.
function neighbour(shapes, from, [dx, dy]) {
  const start = centre(from);
  let best = null;
  let least = Infinity;
  for (const shape of shapes) {
    const { x, y } = centre(shape);
    const ahead = (x - start.x) * dx + (y - start.y) * dy;
    const aside = Math.abs((x - start.x) * dy) + Math.abs((y - start.y) * dx);
    if (shape !== from && ahead > 0.5 && ahead + 2 * aside < least) {
      least = ahead + 2 * aside;
      best = shape;
    }
  }
  return best;
}

class LiveMap {
  constructor(frame, picture) {
    this.frame = frame;
    this.picture = picture;
    this.svg = frame.querySelector("svg");
    this.shapes = [...frame.querySelectorAll(".fp-map__area")];
    this.here = null;
    this.tip = document.createElement("div");
    this.tip.className = "fp-map__tip";
    this.tip.hidden = true;
    this.tip.setAttribute("aria-hidden", "true");
    frame.append(this.tip);
    // drawn over all areas, so that neighbours do not cover half of it
    this.ring = document.createElementNS("http://www.w3.org/2000/svg", "path");
    this.ring.setAttribute("class", "fp-map__ring");
    this.svg.querySelector(".fp-map__areas").after(this.ring);
    this.prepare();
    this.listen();
  }

  // An image has no parts; a group of images has. One of them is in the tab order, the arrow keys do the rest.
  prepare() {
    this.svg.setAttribute("role", "group");
    this.shapes.forEach((shape, position) => {
      shape.setAttribute("role", "img");
      shape.setAttribute("aria-label", shape.dataset.words);
      shape.setAttribute("tabindex", position === 0 ? "0" : "-1");
      shape.querySelector("title")?.remove(); // or the browser shows a second tip
    });
  }

  listen() {
    this.svg.addEventListener("pointermove", (event) => this.point(event.target, event));
    this.svg.addEventListener("pointerleave", () => this.leave());
    this.svg.addEventListener("focusin", (event) => this.point(event.target));
    this.svg.addEventListener("focusout", () => this.leave());
    this.svg.addEventListener("keydown", (event) => this.move(event));
    this.svg.addEventListener("click", (event) => this.showRow(event.target));
    for (const row of this.picture.querySelectorAll("tr[data-code]")) {
      row.addEventListener("pointerenter", () => this.light(row.dataset.code));
      row.addEventListener("pointerleave", () => this.light(null));
    }
  }

  point(shape, event) {
    if (!shape.classList?.contains("fp-map__area")) {
      this.leave();
      return;
    }
    this.light(shape.dataset.code);
    this.tip.textContent = shape.dataset.words;
    this.tip.hidden = false;
    const frame = this.frame.getBoundingClientRect();
    const box = shape.getBoundingClientRect();
    const x = (event ? event.clientX : box.left + box.width / 2) - frame.left;
    const y = (event ? event.clientY : box.top) - frame.top;
    this.tip.style.left = `${Math.max(0, Math.min(x + 14, frame.width - this.tip.offsetWidth))}px`;
    this.tip.style.top = `${Math.max(0, y - this.tip.offsetHeight - 10)}px`;
  }

  leave() {
    this.tip.hidden = true;
    this.light(null);
  }

  light(code) {
    if (this.here === code) {
      return;
    }
    this.here = code;
    for (const part of this.picture.querySelectorAll(`.${HERE}`)) {
      part.classList.remove(HERE);
    }
    this.ring.removeAttribute("d");
    if (code === null) {
      return;
    }
    const shape = this.shapes.find((candidate) => candidate.dataset.code === code);
    if (shape) {
      this.ring.setAttribute("d", shape.getAttribute("d"));
    }
    for (const part of this.picture.querySelectorAll(`[data-code="${CSS.escape(code)}"]`)) {
      part.classList.add(HERE);
    }
  }

  move(event) {
    if (event.key === "Escape") {
      this.leave();
      return;
    }
    if (event.key === "Enter") {
      this.showRow(event.target);
      return;
    }
    const step = STEPS[event.key];
    if (!step) {
      return;
    }
    event.preventDefault();
    const next = neighbour(this.shapes, event.target, step);
    if (next) {
      event.target.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    }
  }

  showRow(shape) {
    const code = shape.dataset?.code;
    const row = code && this.picture.querySelector(`[data-fp-table="areas"] tr[data-code="${CSS.escape(code)}"]`);
    if (row) {
      row.closest("details").open = true;
      row.scrollIntoView({ block: "center" });
      this.light(code);
    }
  }
}

export function enhancePictures(scope) {
  for (const picture of scope.querySelectorAll("[data-fp-picture]")) {
    const frame = picture.querySelector("[data-fp-map]");
    if (frame?.querySelector("svg") && !frame.querySelector(".fp-map__tip")) {
      new LiveMap(frame, picture);
    }
  }
}

enhancePictures(document);
document.body.addEventListener("htmx:load", (event) => enhancePictures(event.detail.elt.parentElement ?? document));
