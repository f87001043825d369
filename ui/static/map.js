// The map: every paper a dot, drawn into one picture pixel by pixel, which 160,000 dots allow.
(() => {
  const waiting = document.getElementById("aa-drawing");
  if (waiting) {
    const look = async () => {
      const answer = await fetch(waiting.dataset.points).catch(() => null);
      if (answer && answer.status === 200) location.reload();
      else setTimeout(look, 1500);
    };
    setTimeout(look, 1000);
    return;
  }

  const canvas = document.getElementById("aa-map");
  const spot = document.getElementById("aa-spot");
  if (!canvas) return;
  const context = canvas.getContext("2d");
  const FURTHEST = 65535, CELLS = 128, REACH = 14, MARGIN = 24;
  let count = 0, xy = null, topics = null, cells = null;
  let only = -1; // the topic that stands out, or -1
  let scale = 1, left = 0, top = 0; // pixels = point / FURTHEST * scale + offset, in CSS pixels
  let pointed = -1, asked = 0, painting = false;

  const colours = () => {
    const style = getComputedStyle(document.documentElement);
    return Array.from({ length: 12 }, (_, n) => {
      const hex = style.getPropertyValue(`--aa-topic-${n}`).trim();
      return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
    });
  };

  async function load() {
    const bytes = await (await fetch(canvas.dataset.points)).arrayBuffer();
    count = Math.floor(bytes.byteLength / 5);
    xy = new Uint16Array(bytes, 0, 2 * count);
    topics = new Uint8Array(bytes, 4 * count, count);
    cells = sorted();
    fit();
    canvas.dataset.papers = count;
  }

  // Which papers stand in each cell of a grid, so that the nearest is found without a search.
  function sorted() {
    const cell = (n) => cellOf(xy[2 * n + 1]) * CELLS + cellOf(xy[2 * n]);
    const starts = new Uint32Array(CELLS * CELLS + 1);
    for (let n = 0; n < count; n++) starts[cell(n) + 1]++;
    for (let c = 0; c < CELLS * CELLS; c++) starts[c + 1] += starts[c];
    const next = starts.slice(), members = new Uint32Array(count);
    for (let n = 0; n < count; n++) members[next[cell(n)]++] = n;
    return { starts, members };
  }
  const cellOf = (value) => Math.min(CELLS - 1, Math.floor((value / (FURTHEST + 1)) * CELLS));

  function fit() {
    const { width, height } = canvas.getBoundingClientRect();
    scale = Math.max(50, Math.min(width, height) - 2 * MARGIN);
    left = (width - scale) / 2;
    top = (height - scale) / 2;
    paint();
  }

  function paint() {
    if (painting) return;
    painting = true;
    requestAnimationFrame(() => { painting = false; draw(); });
  }

  // A dot as the pixels it covers and how much of each.
  function dot(radius) {
    const pixels = [];
    const reach = Math.ceil(radius);
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        const share = Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(dx, dy)));
        if (share > 0) pixels.push([dx, dy, share]);
      }
    }
    return pixels;
  }

  function draw() {
    if (!xy) return;
    const box = canvas.getBoundingClientRect(), dense = devicePixelRatio || 1;
    const width = Math.max(1, Math.round(box.width * dense));
    const height = Math.max(1, Math.round(box.height * dense));
    if (canvas.width !== width || canvas.height !== height) { canvas.width = width; canvas.height = height; }
    const picture = context.createImageData(width, height), data = picture.data;
    const palette = colours();
    const side = Math.min(box.width, box.height);
    const apart = (0.14 * side) / Math.sqrt(count);
    const radius = Math.min(7, Math.max(0.8, apart * Math.sqrt(scale / side))) * dense;
    const full = dot(radius), strength = count > 20000 ? 0.55 : 0.85;
    for (let n = 0; n < count; n++) {
      const x = Math.round(((xy[2 * n] / FURTHEST) * scale + left) * dense);
      const y = Math.round(((xy[2 * n + 1] / FURTHEST) * scale + top) * dense);
      if (x < -radius || y < -radius || x > width + radius || y > height + radius) continue;
      const [red, green, blue] = palette[topics[n] % palette.length];
      const ink = strength * (only < 0 || topics[n] === only ? 1 : 0.12);
      for (const [dx, dy, share] of full) {
        const px = x + dx, py = y + dy;
        if (px < 0 || py < 0 || px >= width || py >= height) continue;
        const at = 4 * (py * width + px), over = share * ink, under = (data[at + 3] / 255) * (1 - over);
        const sum = over + under;
        data[at] = (red * over + data[at] * under) / sum;
        data[at + 1] = (green * over + data[at + 1] * under) / sum;
        data[at + 2] = (blue * over + data[at + 2] * under) / sum;
        data[at + 3] = sum * 255;
      }
    }
    context.putImageData(picture, 0, 0);
    if (pointed >= 0) ring(dense, radius);
    canvas.dataset.painted = "yes";
  }

  function ring(dense, radius) {
    const [x, y] = place(pointed);
    context.beginPath();
    context.arc(x * dense, y * dense, radius + 4 * dense, 0, 7);
    context.lineWidth = 2 * dense;
    context.strokeStyle = getComputedStyle(canvas).color;
    context.stroke();
  }

  const place = (n) => [(xy[2 * n] / FURTHEST) * scale + left, (xy[2 * n + 1] / FURTHEST) * scale + top];

  function nearest(x, y) {
    const toCell = (value, offset) => cellOf(Math.min(FURTHEST, Math.max(0, ((value - offset) / scale) * FURTHEST)));
    let best = -1, distance = REACH;
    for (let row = toCell(y - REACH, top); row <= toCell(y + REACH, top); row++) {
      for (let column = toCell(x - REACH, left); column <= toCell(x + REACH, left); column++) {
        const cell = row * CELLS + column;
        for (let at = cells.starts[cell]; at < cells.starts[cell + 1]; at++) {
          const n = cells.members[at], [px, py] = place(n), far = Math.hypot(px - x, py - y);
          if (far < distance && (only < 0 || topics[n] === only)) { best = n; distance = far; }
        }
      }
    }
    return best;
  }

  const known = new Map();
  async function paperAt(n) {
    if (!known.has(n)) {
      const answer = await fetch(`${canvas.dataset.spot}/${n}`);
      if (!answer.ok) return null;
      known.set(n, await answer.json());
    }
    return known.get(n);
  }

  async function point(n) {
    if (n === pointed) return;
    pointed = n;
    canvas.style.cursor = n < 0 ? "" : "pointer";
    paint();
    const turn = ++asked;
    const paper = n < 0 ? null : await paperAt(n).catch(() => null);
    if (turn !== asked) return;
    spot.hidden = !paper;
    if (!paper) return;
    spot.textContent = paper.title;
    const [x, y] = place(n), box = canvas.getBoundingClientRect();
    spot.style.left = `${Math.min(Math.max(8, x - 140), Math.max(8, box.width - 296))}px`;
    spot.style.top = `${y > box.height - 110 ? y - spot.offsetHeight - 14 : y + 14}px`;
  }

  async function open(n) {
    const paper = n < 0 ? null : await paperAt(n);
    if (paper) location.href = paper.address;
  }

  function zoom(factor, x, y) {
    const box = canvas.getBoundingClientRect();
    const to = Math.min(60 * box.width, Math.max(0.5 * Math.min(box.width, box.height), scale * factor));
    left = x - (x - left) * (to / scale);
    top = y - (y - top) * (to / scale);
    scale = to;
    point(-1);
    paint();
  }

  // Pointers: one drags or points, two pinch.
  const held = new Map();
  let moved = 0;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    held.set(event.pointerId, at(event));
    moved = 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const [x, y] = at(event), before = held.get(event.pointerId);
    if (!xy) return;
    if (!before) { point(nearest(x, y)); return; }
    const other = [...held].find(([id]) => id !== event.pointerId);
    if (other) {
      const [ox, oy] = other[1];
      const factor = Math.hypot(x - ox, y - oy) / Math.max(1, Math.hypot(before[0] - ox, before[1] - oy));
      zoom(factor, ox, oy);
    } else {
      left += x - before[0];
      top += y - before[1];
    }
    moved += Math.hypot(x - before[0], y - before[1]);
    held.set(event.pointerId, [x, y]);
    if (moved > 4) { spot.hidden = true; pointed = -1; }
    paint();
  });
  canvas.addEventListener("pointerup", (event) => {
    held.delete(event.pointerId);
    if (moved > 4 || !xy) return;
    const found = nearest(...at(event));
    // A finger cannot hover: its first tap names the paper, the second opens it.
    if (event.pointerType === "mouse" || found === pointed) open(found);
    else point(found);
  });
  canvas.addEventListener("pointercancel", (event) => held.delete(event.pointerId));
  // A finger leaves with every tap.
  canvas.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") point(-1); });
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 400), ...at(event));
  }, { passive: false });

  const middle = () => [canvas.clientWidth / 2, canvas.clientHeight / 2];
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (step) { left += step[0]; top += step[1]; point(nearest(...middle())); paint(); }
    else if (event.key === "+" || event.key === "=") { zoom(1.5, ...middle()); point(nearest(...middle())); }
    else if (event.key === "-") zoom(1 / 1.5, ...middle());
    else if (event.key === "0" || event.key === "Escape") { point(-1); fit(); }
    else if (event.key === "Enter") open(pointed);
    else return;
    event.preventDefault();
  });
  document.querySelector(".aa-zoom").addEventListener("click", (event) => {
    const factor = Number(event.target.dataset.zoom);
    if (factor) zoom(factor, ...middle()); else fit();
  });

  // A topic stands out while its name is pointed at.
  const legend = document.querySelector(".aa-legend");
  const stand = (topic) => { only = topic; paint(); };
  for (const [on, off] of [["mouseover", "mouseleave"], ["focusin", "focusout"]]) {
    legend.addEventListener(on, (event) => {
      const link = event.target.closest("[data-topic]");
      if (link) stand(Number(link.dataset.topic));
    });
    legend.addEventListener(off, () => stand(-1));
  }
  addEventListener("resize", fit);
  new MutationObserver(paint).observe(document.documentElement, { attributeFilter: ["class"] });
  load();
})();
