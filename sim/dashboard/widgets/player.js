// The network player: one world's whole trajectory, drawn on a canvas. Everything here happens in the browser.
// Data comes from sim/dashboard/trajectory.py: `world` says what is where in the bytes of `data`.

const STATE = { NONE: 0, CONTACT: 1, INFORMAL: 2, FORMAL: 3, COOLING: 4, ENDED: 5 };
const INK = "#1a1a1a", MUTED = "#595959", RULE = "#d9d9d9";
const BLUE = "#0072B2", ORANGE = "#D55E00", GREEN = "#009E73", AMBER = "#E69F00", PURPLE = "#CC79A7", SKY = "#56B4E9";
// Fill, rim and its width of a firm: nothing yet, quietly, openly, openly with credit.
const UPTAKE = [["#ffffff", "#b3b3b3", 1.2], ["#f7dca0", "#8a5f00", 1.4], [AMBER, "#8a5f00", 1], [AMBER, "#8a5f00", 2.8]];
const SPEEDS = [0.5, 1, 2, 4];
const WEEKS_A_SECOND = 6;
const HALT = 2500;  // milliseconds at a turning point

function isTurn(event) {
  return event.importance >= 3;
}

function make(tag, classes, parent, text) {
  const node = document.createElement(tag);
  if (classes) node.className = classes;
  if (text !== undefined) node.textContent = text;
  if (parent) parent.appendChild(node);
  return node;
}

function icon(path) {
  return `<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path fill="currentColor" d="${path}"/></svg>`;
}
const ICONS = {
  first: icon("M5 5h3v14H5zM20 5v14L9 12z"),
  back: icon("M7 5h3v14H7zM19 5v14L11 12z"),
  play: icon("M7 4l13 8-13 8z"),
  pause: icon("M6 5h4v14H6zM14 5h4v14h-4z"),
  next: icon("M14 5h3v14h-3zM5 5l8 7-8 7z"),
  last: icon("M16 5h3v14h-3zM4 5l11 7-11 7z"),
};

// One frame's row of an array, as numbers from 0 to 1 where the array holds shares.
class Frames {
  constructor(table, bytes, frames) {
    this.table = table;
    this.frames = frames;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  at(name, t, column) {
    const [offset, columns, kind] = this.table[name];
    const place = t * columns + column;
    if (kind === "float") return this.view.getFloat32(offset + 4 * place, true);
    const value = this.view.getUint8(offset + place);
    return kind === "share" ? value / 250 : value;
  }
  between(name, t, column) {
    const low = Math.floor(t), high = Math.min(low + 1, this.frames - 1), part = t - low;
    return this.at(name, low, column) * (1 - part) + this.at(name, high, column) * part;
  }
}

class Player {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.t = 0;
    this.speed = 1;
    this.playing = false;
    this.selected = -1;
    this.hover = -1;
    this.frameTimes = [];
    this.heldUntil = 0;
    this.still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.build();
    this.load(true);
    this.onWorld = () => this.load(false);
    model.on("change:revision", this.onWorld);
    this.onWords = () => { this.setWords(); this.showLog(); this.showDetails(); this.mark(Math.floor(this.t)); this.draw(); };
    this.watcher = new ResizeObserver(() => this.resize());
    this.watcher.observe(this.stage);
    this.watcher.observe(this.canvas);
    this.watcher.observe(this.log);
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
    this.resize();
  }

  destroy() {
    this.pause();
    this.watcher.disconnect();
    document.removeEventListener("keydown", this.onKey);
    this.model.off("change:revision", this.onWorld);
  }

  // --- what is on the page

  build() {
    const root = (this.root = make("div", "pd-player", this.el));
    const main = make("div", "pd-player-main", root);
    this.stage = make("div", "pd-player-stage", main);
    this.canvas = make("canvas", "", this.stage);
    this.canvas.setAttribute("role", "img");
    this.date = make("div", "pd-player-date", this.stage);
    const strip = make("div", "pd-player-strip", main);
    this.strip = make("canvas", "", strip);
    this.strip.setAttribute("aria-hidden", "true");
    this.range = make("input", "pd-player-range", strip);
    this.range.type = "range";
    this.range.min = 0;
    this.range.step = 1;
    const bar = make("div", "pd-player-bar", main);
    this.buttons = {};
    for (const name of ["first", "back", "play", "next", "last"]) {
      const button = (this.buttons[name] = make("button", "pd-player-button", bar));
      button.type = "button";
      button.innerHTML = ICONS[name];
    }
    this.speedBox = make("select", "pd-player-speed", bar);
    for (const speed of SPEEDS) {
      const option = make("option", "", this.speedBox, `${speed}\u00d7`);
      option.value = speed;
    }
    this.speedBox.value = "1";
    const halts = make("label", "pd-player-halts", bar);
    this.halts = make("input", "", halts);
    this.halts.type = "checkbox";
    this.haltsLabel = make("span", "", halts);
    this.week = make("span", "pd-player-week", bar);
    this.side = make("div", "pd-player-side", root);
    const people = make("label", "pd-player-people", this.side);
    this.peopleLabel = make("span", "", people);
    this.people = make("select", "pd-player-speed", people);
    this.details = make("div", "pd-player-details", this.side);
    this.details.tabIndex = 0;
    this.details.setAttribute("role", "group");
    this.logTitle = make("h3", "pd-player-title", this.side);
    this.log = make("ol", "pd-player-log", this.side);
    this.legend = make("div", "pd-player-legend", root);

    this.buttons.first.onclick = () => this.go(0);
    this.buttons.last.onclick = () => this.go(this.frames.frames - 1);
    this.buttons.back.onclick = () => this.go(Math.ceil(this.t) - 1);
    this.buttons.next.onclick = () => this.go(Math.floor(this.t) + 1);
    this.buttons.play.onclick = () => (this.playing ? this.pause() : this.play());
    this.range.oninput = () => this.go(Number(this.range.value));
    this.people.onchange = () => this.pick(Number(this.people.value), true);
    this.halts.onchange = () => {
      window.pdHaltsAtTurns = this.halts.checked;  // for the players of the pages to come
      if (!this.halts.checked) this.release();
    };
    this.speedBox.onchange = () => (this.speed = Number(this.speedBox.value));
    this.canvas.onclick = (event) => this.pick(this.under(event));
    this.canvas.onmousemove = (event) => {
      const found = this.under(event);
      if (found !== this.hover) {
        this.hover = found;
        this.canvas.style.cursor = found >= 0 ? "pointer" : "default";
        this.draw();
      }
    };
    this.canvas.onmouseleave = () => { this.hover = -1; this.draw(); };
  }

  load(first) {
    const world = (this.world = this.model.get("world"));
    const data = this.model.get("data");
    this.words = this.model.get("words");
    const bytes = data instanceof DataView ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : data;
    this.frames = new Frames(world.table, bytes, world.frames);
    this.range.max = world.frames - 1;
    this.most = 1;
    for (let t = 0; t < world.frames; t++) this.most = Math.max(this.most, this.frames.at("coverage", t, 0));
    this.important = world.events.filter((event) => event.importance >= 2);
    this.turns = [...new Set(this.important.filter(isTurn).map((event) => event.frame))].sort((a, b) => a - b);
    if (this.selected >= world.organisations.length) this.selected = -1;
    const start = this.model.get("start");
    this.t = Math.min(first && start >= 0 ? start : this.t, world.frames - 1);
    this.tied = world.pairs.filter((_, k) => {
      for (let t = 0; t < world.frames; t++) if (this.frames.at("state", t, k) !== STATE.NONE) return true;
      return false;
    });
    this.release();
    this.place();
    this.setWords();
    this.showLog();
    this.showDetails();
    this.resize();
    this.seek();
    this.el.dataset.ready = String(Number(this.el.dataset.ready || 0) + 1);
  }

  setWords() {
    const words = this.words;
    this.large = this.model.get("large");
    this.root.classList.toggle("pd-large", this.large);
    this.haltsLabel.textContent = words.halts;
    this.halts.checked = window.pdHaltsAtTurns === undefined ? this.large : window.pdHaltsAtTurns;
    for (const [name, button] of Object.entries(this.buttons)) {
      button.setAttribute("aria-label", words[name]);
      button.title = words[name];
    }
    this.range.setAttribute("aria-label", words.scrub);
    this.speedBox.setAttribute("aria-label", words.speed);
    this.canvas.setAttribute("aria-label", words.picture);
    this.logTitle.textContent = words.log;
    this.legend.innerHTML = "";
    for (const [style, text] of words.legend) {
      const row = make("span", "pd-player-key", this.legend);
      make("i", `pd-key-${style}`, row);
      make("span", "", row, text);
    }
    this.peopleLabel.textContent = words.details;
    this.people.innerHTML = "";
    for (const row of [-1, ...this.world.organisations.keys()]) {
      const option = make("option", "", this.people, row < 0 ? words.nobody : this.world.organisations[row].name);
      option.value = row;
    }
    this.people.value = this.selected;
  }

  showLog() {
    this.log.innerHTML = "";
    this.rows = this.important.map((event) => {
      const item = make("li", isTurn(event) ? "pd-strong" : "", this.log);
      const button = make("button", "", item);
      button.type = "button";
      make("time", "", button, event.day);
      make("span", "", button, event.text);
      button.onclick = () => { this.pause(); this.pulse = event; this.go(event.frame); };
      return item;
    });
    if (!this.rows.length) make("li", "", this.log, this.words.quiet);
  }

  // --- where things are: the initiator in the middle, organisations around it, firms in the outer rings

  place() {
    const world = this.world;
    const n = world.organisations.length;
    const others = world.organisations.map((_, row) => row).filter((row) => row !== world.centre);
    others.sort((a, b) => world.organisations[a].order - world.organisations[b].order || a - b);
    this.spots = new Array(n);
    if (world.centre >= 0) this.spots[world.centre] = [0, 0];
    others.forEach((row, k) => {
      const angle = -Math.PI / 2 + (2 * Math.PI * (k + 0.5)) / others.length;
      const reach = others.length > 10 && k % 2 ? 0.6 : 0.46;
      this.spots[row] = [reach * Math.cos(angle) * 1.12, reach * Math.sin(angle)];
    });
    const firms = world.firms;
    const rings = firms > 120 ? 3 : firms > 50 ? 2 : 1;
    this.firmSpots = [];
    for (let f = 0; f < firms; f++) {
      const ring = f % rings, k = Math.floor(f / rings), all = Math.ceil((firms - ring) / rings);
      const angle = -Math.PI / 2 + (2 * Math.PI * (k + ring / rings)) / all;
      const reach = 0.97 - 0.075 * ring;
      this.firmSpots.push([reach * Math.cos(angle), reach * Math.sin(angle)]);
    }
  }

  resize() {
    const ratio = window.devicePixelRatio || 1;
    const box = this.canvas.getBoundingClientRect();
    this.width = Math.max(200, box.width);
    this.height = Math.max(160, box.height);
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.ratio = ratio;
    // Signs on a wall are larger, as far as the stage has room for them.
    this.scale = this.large ? Math.max(1.1, Math.min(1.35, this.width / 520, this.height / 380)) : 1;
    this.labels = undefined;
    this.follow("auto");
    const strip = this.strip.parentElement.getBoundingClientRect();
    this.stripWidth = Math.max(100, strip.width);
    this.strip.width = Math.round(this.stripWidth * ratio);
    this.strip.height = Math.round(44 * ratio);
    this.drawStrip();
    this.draw();
  }

  point(spot) {
    const top = 18 * this.scale, bottom = 18 * this.scale;
    const half = (this.height - top - bottom) / 2;
    return [this.width / 2 + spot[0] * (this.width / 2 - 22), top + half + spot[1] * (half - 8)];
  }

  under(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = event.clientX - box.left, y = event.clientY - box.top;
    let best = -1, near = 28 * this.scale;
    this.spots.forEach((spot, row) => {
      const [px, py] = this.point(spot);
      const distance = Math.hypot(px - x, py - y);
      if (distance < near) { near = distance; best = row; }
    });
    return best;
  }

  // --- time

  play() {
    if (this.t >= this.frames.frames - 1) this.t = 0;
    this.playing = true;
    this.buttons.play.innerHTML = ICONS.pause;
    this.buttons.play.setAttribute("aria-label", this.words.pause);
    this.last = undefined;
    this.ticking = requestAnimationFrame((now) => this.tick(now));
  }

  pause() {
    this.playing = false;
    this.release();
    cancelAnimationFrame(this.ticking);
    this.buttons.play.innerHTML = ICONS.play;
    this.buttons.play.setAttribute("aria-label", this.words ? this.words.play : "");
  }

  tick(now) {
    if (!this.playing) return;
    if (this.last !== undefined) {
      if (now >= this.heldUntil) this.advance(now);
      this.frameTimes.push(now - this.last);
      if (this.frameTimes.length >= 60) {
        const mean = this.frameTimes.reduce((a, b) => a + b, 0) / this.frameTimes.length;
        this.el.dataset.fps = (1000 / mean).toFixed(1);
        this.frameTimes = [];
      }
    }
    this.last = now;
    this.seek();
    if (this.t >= this.frames.frames - 1) return this.pause();
    this.ticking = requestAnimationFrame((next) => this.tick(next));
  }

  // Go on by the time since the last picture, but not past a turning point without a halt.
  advance(now) {
    if (this.heldUntil) this.release();
    const before = Math.floor(this.t);
    this.t = Math.min(this.t + ((now - this.last) / 1000) * WEEKS_A_SECOND * this.speed, this.frames.frames - 1);
    const turn = this.halts.checked ? this.turns.find((frame) => frame > before && frame <= this.t) : undefined;
    if (turn === undefined) return;
    this.t = turn;
    this.heldFrom = now;
    this.heldUntil = now + HALT;
    this.el.dataset.held = String(turn);
    this.mark(turn);
    const held = [...this.important.keys()].filter((k) => isTurn(this.important[k]) && this.important[k].frame === turn);
    for (const k of held) this.rows[k].classList.add("pd-held");
    this.follow(this.still ? "auto" : "smooth", held[0]);
  }

  release() {
    this.heldUntil = 0;
    delete this.el.dataset.held;
    if (this.rows) for (const row of this.rows) row.classList.remove("pd-held");
  }

  go(t) {
    this.release();
    this.t = Math.max(0, Math.min(t, this.frames.frames - 1));
    this.seek();
  }

  seek() {
    const frame = Math.floor(this.t);
    this.range.value = frame;
    this.range.setAttribute("aria-valuetext", this.world.days[frame]);
    this.date.textContent = this.world.days[frame];
    this.week.textContent = `${this.words.week} ${frame} / ${this.frames.frames - 1}`;
    this.el.dataset.frame = String(frame);
    this.mark(frame);
    if (this.selected >= 0 && frame !== this.detailFrame) this.showDetails();
    this.draw();
  }

  // Point at the latest event, and let the log follow while the world plays.
  mark(frame) {
    let at = -1;
    for (let k = 0; k < this.important.length && this.important[k].frame <= frame; k++) at = k;
    if (at === this.marked && this.rows === this.markedRows) return;
    if (this.rows) this.rows.forEach((row, k) => {
      row.classList.toggle("pd-now", k === at);
      row.classList.toggle("pd-later", k > at);
    });
    this.marked = at;
    this.markedRows = this.rows;
    this.follow(this.still ? "auto" : "smooth");
  }

  follow(behavior, at = this.marked) {
    const row = at >= 0 && this.rows ? this.rows[at] : undefined;
    if (!row) return;
    const above = Math.max(0, Math.min(this.log.clientHeight / 3, this.log.clientHeight - row.offsetHeight));
    this.log.scrollTo({ top: row.offsetTop - above, behavior });
  }

  key(event) {
    const target = event.target;
    const busy = target && /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) && target !== this.range && target !== this.halts;
    if (busy || event.ctrlKey || event.metaKey || event.altKey || !this.el.isConnected) return;
    if (event.key === " " && target && (target.tagName === "BUTTON" || target === this.halts)) return;
    const frame = Math.floor(this.t);
    const moves = {
      " ": () => (this.playing ? this.pause() : this.play()),
      ArrowRight: () => this.go(frame + (event.shiftKey ? 13 : 1)),
      ArrowLeft: () => this.go(Math.ceil(this.t) - (event.shiftKey ? 13 : 1)),
      Home: () => this.go(0),
      End: () => this.go(this.frames.frames - 1),
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    moves[event.key]();
  }

  // --- one actor

  pick(row, chosen) {
    this.selected = row === this.selected && !chosen ? -1 : row;
    this.people.value = this.selected;
    this.showDetails();
    this.draw();
  }

  showDetails() {
    const row = this.selected, scrolled = this.details.scrollTop;
    this.details.innerHTML = "";
    this.details.hidden = row < 0;
    if (row < 0) return;
    const frame = (this.detailFrame = Math.floor(this.t));
    const { organisations, dyads, audiences, ideas } = this.world;
    const words = this.words, n = organisations.length;
    const head = make("div", "pd-details-head", this.details);
    make("strong", "", head, organisations[row].name);
    this.details.setAttribute("aria-label", `${words.details} ${organisations[row].name}`);
    make("span", "", head, `${organisations[row].kind} \u00b7 ${this.euro(this.frames.at("money", frame, row))}`);
    const close = make("button", "pd-details-close", head, "\u00d7");
    close.type = "button";
    close.setAttribute("aria-label", words.close);
    close.onclick = () => this.pick(row);
    const grid = make("div", "pd-details-grid", this.details);
    const trusts = make("div", "", grid);
    make("h4", "", trusts, words.trust);
    dyads.forEach(([i, j], k) => {
      if (i !== row) return;
      const value = this.frames.at("trust", frame, k), anger = this.frames.at("grievance", frame, k);
      this.bar(trusts, organisations[j].short, value, BLUE, anger > 0.05 ? `${words.grievance} ${this.two(anger)}` : "");
    });
    const creds = make("div", "", grid);
    make("h4", "", creds, words.credibility);
    audiences.forEach((name, a) => this.bar(creds, name, this.frames.at("credibility", frame, row * audiences.length + a), "#00704f", ""));
    ideas.forEach((idea, b) => {
      const told = this.frames.at("told", frame, b * n + row);
      const text = idea.owner === row ? words.own_ideas : told > 0 ? `${words.ideas} ${Math.round(100 * told)} %` : "";
      if (text) make("p", "pd-details-note", this.details, text);
    });
    this.details.scrollTop = scrolled;
  }

  bar(parent, name, value, colour, note) {
    const line = make("div", "pd-bar", parent);
    make("span", "pd-bar-name", line, name);
    const track = make("span", "pd-bar-track", line);
    const fill = make("i", "", track);
    fill.style.width = `${Math.round(100 * value)}%`;
    fill.style.background = colour;
    make("span", "pd-bar-value", line, this.two(value));
    if (note) make("span", "pd-bar-note", line, note);
  }

  two(value) {
    return value.toLocaleString(this.words.locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  }

  euro(value) {
    return `${Math.round(value).toLocaleString(this.words.locale)}\u00a0EUR`;
  }

  // --- drawing

  draw() {
    if (!this.frames || !this.width) return;
    const ctx = this.canvas.getContext("2d");
    ctx.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    ctx.clearRect(0, 0, this.width, this.height);
    const frame = Math.floor(this.t);
    this.drawFirms(ctx, frame);
    this.drawTies(ctx, frame);
    this.drawPulse(ctx);
    this.drawOrganisations(ctx, frame);
    this.drawCursor();
  }

  drawFirms(ctx, frame) {
    const size = (this.world.firms > 120 ? 3.6 : 5) * this.scale;
    for (let f = 0; f < this.world.firms; f++) {
      const uptake = this.frames.at("uptake", frame, f);
      const [x, y] = this.point(this.firmSpots[f]);
      const [fill, rim, wide] = UPTAKE[uptake];
      ctx.beginPath();
      ctx.arc(x, y, uptake ? size + 1.2 : size, 0, 7);
      ctx.fillStyle = fill;
      ctx.strokeStyle = rim;
      ctx.lineWidth = wide;
      ctx.fill();
      ctx.stroke();
    }
  }

  trustBetween(a, b) {
    let sum = 0, count = 0;
    this.world.dyads.forEach(([i, j], k) => {
      if ((i === a && j === b) || (i === b && j === a)) { sum += this.frames.between("trust", this.t, k); count++; }
    });
    return count ? sum / count : 0;
  }

  drawTies(ctx, frame) {
    this.world.pairs.forEach(([a, b], k) => {
      const state = this.frames.at("state", frame, k);
      const hidden = this.frames.at("hidden", frame, k);
      const trust = this.trustBetween(a, b);
      const [x1, y1] = this.point(this.spots[a]), [x2, y2] = this.point(this.spots[b]);
      const dim = this.selected >= 0 && a !== this.selected && b !== this.selected ? 0.25 : 1;
      ctx.globalAlpha = dim;
      ctx.setLineDash([]);
      ctx.lineWidth = (1 + 9 * trust * trust) * this.scale;
      ctx.strokeStyle = GREEN;
      if (state === STATE.NONE) { ctx.strokeStyle = RULE; ctx.lineWidth = 1.2; }
      else if (state === STATE.CONTACT) { ctx.strokeStyle = "#7a7a7a"; ctx.setLineDash([2, 6]); ctx.lineWidth = 2.4 * this.scale; }
      else if (state === STATE.COOLING) { ctx.strokeStyle = ORANGE; ctx.setLineDash([9, 8]); ctx.lineWidth = 3 * this.scale; }
      else if (state === STATE.ENDED) { ctx.strokeStyle = "#8c8c8c"; ctx.setLineDash([1, 9]); ctx.lineWidth = 2; }
      else if (hidden) { ctx.setLineDash([14, 6]); ctx.globalAlpha = 0.55 * dim; }
      ctx.beginPath();
      ctx.moveTo(x1, y1);
      ctx.lineTo(x2, y2);
      ctx.stroke();
      ctx.setLineDash([]);
      if (state === STATE.FORMAL) {
        ctx.strokeStyle = "#ffffff";
        ctx.lineWidth = 1.6 * this.scale;
        ctx.stroke();
      }
      if (state === STATE.COOLING || state === STATE.ENDED) this.cross(ctx, (x1 + x2) / 2, (y1 + y2) / 2, state);
      ctx.globalAlpha = 1;
    });
  }

  cross(ctx, x, y, state) {
    const r = 7 * this.scale;
    ctx.lineWidth = 3.4 * this.scale;
    ctx.strokeStyle = state === STATE.ENDED ? "#595959" : ORANGE;
    ctx.beginPath();
    ctx.moveTo(x - r, y - r); ctx.lineTo(x + r, y + r);
    ctx.moveTo(x + r, y - r); ctx.lineTo(x - r, y + r);
    ctx.stroke();
  }

  drawPulse(ctx) {
    const t = this.t;
    for (const event of this.important) {
      if (!isTurn(event) || event.frame > t || event.frame < t - 5) continue;
      const beat = ((this.last - this.heldFrom) / HALT) * 2;
      const age = !this.heldUntil || this.still ? (t - event.frame) / 5 : 0.6 * (beat % 1);
      for (const row of event.who) {
        const [x, y] = this.point(this.spots[row]);
        ctx.beginPath();
        ctx.arc(x, y, (20 + (this.still ? 8 : 34 * age)) * this.scale, 0, 7);
        ctx.strokeStyle = `rgba(26,26,26,${0.55 * (1 - age)})`;
        ctx.lineWidth = 3;
        ctx.stroke();
      }
    }
  }

  sizeOf(row) {
    return (row === this.world.centre ? 17 : 14) * this.scale;
  }

  // First what lies below, then the shapes, then the names: no name is painted over.
  drawOrganisations(ctx, frame) {
    const { organisations } = this.world;
    const rows = [...organisations.keys()];
    for (const row of rows) this.drawHeat(ctx, row);
    for (const row of rows) {
      const one = organisations[row], near = row === this.selected || row === this.hover;
      const [x, y] = this.point(this.spots[row]);
      const uptake = one.firm >= 0 ? this.frames.at("named_uptake", frame, one.firm) : 0;
      ctx.globalAlpha = this.selected >= 0 && row !== this.selected ? 0.75 : 1;
      this.shape(ctx, one.shape, x, y, this.sizeOf(row));
      ctx.fillStyle = one.firm >= 0 ? UPTAKE[uptake][0] : one.colour;
      ctx.fill();
      ctx.lineWidth = near ? 4 : one.firm < 0 ? 2 : uptake === 3 ? 5 : 2.5;
      ctx.strokeStyle = near ? INK : one.firm < 0 ? "#ffffff" : "#8a5f00";
      ctx.stroke();
      ctx.globalAlpha = 1;
    }
    this.drawNames(ctx);
  }

  drawHeat(ctx, row) {
    const heat = this.frames.between("heat", this.t, row);
    if (heat <= 0.02) return;
    const [x, y] = this.point(this.spots[row]), size = this.sizeOf(row);
    const reach = size + 34 * this.scale * Math.min(1, heat * 1.6);
    const glow = ctx.createRadialGradient(x, y, size * 0.6, x, y, reach);
    glow.addColorStop(0, `rgba(213,94,0,${Math.min(0.75, 0.25 + heat)})`);
    glow.addColorStop(1, "rgba(213,94,0,0)");
    ctx.fillStyle = glow;
    ctx.beginPath();
    ctx.arc(x, y, reach, 0, 7);
    ctx.fill();
  }

  drawNames(ctx) {
    const type = Math.max((this.width < 420 ? 12.5 : 14.5) * this.scale, this.large ? 17 : 0);
    ctx.font = `600 ${type}px Roboto, "Segoe UI", sans-serif`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    ctx.lineWidth = 6;
    ctx.strokeStyle = "#ffffff";
    ctx.fillStyle = INK;
    if (!this.labels) this.labels = this.placeNames(ctx, type * 1.15);
    for (const paint of ["strokeText", "fillText"]) {
      for (const { lines, box } of this.labels) {
        lines.forEach((line, k) => ctx[paint](line, (box[0] + box[2]) / 2, box[1] + type * 1.15 * (k + 0.5)));
      }
    }
    ctx.textBaseline = "alphabetic";
  }

  // Below, above or beside its shape: where a name covers least of shapes and of other names; never off the stage.
  placeNames(ctx, high) {
    const { organisations } = this.world;
    const date = this.date.getBoundingClientRect(), stage = this.canvas.getBoundingClientRect();
    const taken = [[date.left - stage.left, date.top - stage.top, date.right - stage.left, date.bottom - stage.top]];
    const shapes = this.spots.map((spot, row) => {
      const [x, y] = this.point(spot), r = this.sizeOf(row);
      return [x - r, y - r, x + r, y + r];
    });
    const shared = (a, b) => Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
    const names = organisations.map((one, row) => {
      const lines = this.twoLines(ctx, one.short);
      return { row, lines, half: Math.max(...lines.map((line) => ctx.measureText(line).width)) / 2 + 2, tall: (lines.length * high) / 2 };
    });
    names.sort((a, b) => b.half * b.tall - a.half * a.tall || a.row - b.row);  // the largest find a place first
    return names.map(({ row, lines, half, tall }) => {
      const [x, y] = this.point(this.spots[row]), r = this.sizeOf(row);
      const lower = this.spots[row][1] >= -0.05 ? 1 : -1, away = r + 4 + tall, aside = r + 5 + half;
      const outer = this.spots[row][0] >= 0 ? 1 : -1;
      const places = [[0, lower * away], [outer * aside, 0], [0, -lower * away], [-outer * aside, 0],
        [0.6 * outer * half, lower * (away + 0.4 * high)], [-0.6 * outer * half, lower * (away + 0.4 * high)], [outer * half, lower * away],
        [-outer * half, lower * away], [outer * half, -lower * away], [-outer * half, -lower * away], [0, lower * (away + high)]];
      let best, least = Infinity;
      places.forEach(([dx, dy], order) => {
        const cx = Math.max(half + 2, Math.min(this.width - half - 2, x + dx)), cy = Math.max(tall + 1, Math.min(this.height - tall - 1, y + dy));
        const box = [cx - half, cy - tall, cx + half, cy + tall];
        let cost = 12 * order;
        for (const other of taken) cost += 10 * shared(box, other);
        for (const other of shapes) cost += 4 * shared(box, other);
        for (const [a, b] of this.tied) cost += 0.2 * high * this.inside(box, this.point(this.spots[a]), this.point(this.spots[b]));
        if (cost < least) { least = cost; best = box; }
      });
      taken.push(best);
      return { row, lines, box: best };
    });
  }

  // Length of a line from one point to another that lies in a box (Liang & Barsky 1984).
  inside([left, top, right, bottom], [x1, y1], [x2, y2]) {
    const dx = x2 - x1, dy = y2 - y1;
    let from = 0, to = 1;
    for (const [step, room] of [[-dx, x1 - left], [dx, right - x1], [-dy, y1 - top], [dy, bottom - y1]]) {
      if (step === 0 && room < 0) return 0;
      if (step < 0) from = Math.max(from, room / step);
      if (step > 0) to = Math.min(to, room / step);
    }
    return to > from ? (to - from) * Math.hypot(dx, dy) : 0;
  }

  // A long name in two lines, parted at the space next to its middle.
  twoLines(ctx, text) {
    if (ctx.measureText(text).width < Math.max(90, 0.2 * this.width)) return [text];
    const spaces = [...text.matchAll(/ /g)].map((found) => found.index);
    if (!spaces.length) return [text];
    const at = spaces.reduce((best, k) => (Math.abs(k - text.length / 2) < Math.abs(best - text.length / 2) ? k : best));
    return [text.slice(0, at), text.slice(at + 1)];
  }

  shape(ctx, shape, x, y, r) {
    ctx.beginPath();
    if (shape === "square") ctx.rect(x - r * 0.88, y - r * 0.88, r * 1.76, r * 1.76);
    else if (shape === "triangle") this.polygon(ctx, x, y + r * 0.15, r * 1.2, 3, -Math.PI / 2);
    else if (shape === "diamond") this.polygon(ctx, x, y, r * 1.15, 4, -Math.PI / 2);
    else if (shape === "hexagon") this.polygon(ctx, x, y, r * 1.1, 6, 0);
    else if (shape === "pentagon") this.polygon(ctx, x, y, r * 1.12, 5, -Math.PI / 2);
    else ctx.arc(x, y, r, 0, 7);
    ctx.closePath();
  }

  polygon(ctx, x, y, r, corners, turn) {
    for (let k = 0; k < corners; k++) {
      const angle = turn + (2 * Math.PI * k) / corners;
      ctx[k ? "lineTo" : "moveTo"](x + r * Math.cos(angle), y + r * Math.sin(angle));
    }
  }

  // The strip above the slider: coverage week by week, and a tick for each important event.
  drawStrip() {
    if (!this.frames) return;
    const ctx = this.strip.getContext("2d");
    const wide = this.stripWidth, high = 44;
    this.strip.style.width = `${wide}px`;
    ctx.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    ctx.clearRect(0, 0, wide, high);
    const x = (t) => 8 + ((wide - 16) * t) / (this.frames.frames - 1);
    ctx.beginPath();
    ctx.moveTo(x(0), high);
    for (let t = 0; t < this.frames.frames; t++) {
      ctx.lineTo(x(t), high - 30 * Math.sqrt(this.frames.at("coverage", t, 0) / this.most));
    }
    ctx.lineTo(x(this.frames.frames - 1), high);
    ctx.fillStyle = "#dfe7ee";
    ctx.fill();
    for (const event of this.important) {
      if (!isTurn(event)) continue;
      const bad = /exit|storm|breach|ended/.test(event.kind);
      ctx.fillStyle = bad ? ORANGE : "#00704f";
      ctx.fillRect(x(event.frame) - 1.5, bad ? 22 : 4, 3, 14);
    }
  }

  drawCursor() {
    if (this.stripShown !== this.world) { this.stripShown = this.world; this.drawStrip(); }
  }
}

export default {
  render({ model, el }) {
    const player = new Player(model, el);
    model.on("change:words", player.onWords);
    return () => { model.off("change:words", player.onWords); player.destroy(); };
  },
};
