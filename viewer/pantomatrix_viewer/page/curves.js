// Every weight of the face over time, with where it is now.

const MOVES = 0.02;

export class Curves {
  #list;
  #rows = [];
  #shown = { left: null, right: null };
  #duration = 0;
  #onlyMoving = true;

  constructor(list) {
    this.#list = list;
    new ResizeObserver(() => this.#draw()).observe(list);
  }

  // curves: {names, times, weights (T * K)}, or null for a take without a face.
  show(side, curves) {
    this.#shown[side] = curves;
    const named = this.#shown.left ?? this.#shown.right;
    const names = named ? named.names : [];
    this.#list.replaceChildren();
    this.#rows = names.map((name) => {
      const row = document.createElement("li");
      const label = Object.assign(document.createElement("span"), { textContent: name });
      const canvas = document.createElement("canvas");
      const value = document.createElement("output");
      row.dataset.curve = name;
      row.append(label, canvas, value);
      this.#list.append(row);
      return { name, row, canvas, value, picture: null };
    });
    this.#duration = Math.max(...Object.values(this.#shown).map((each) => each?.times.at(-1) ?? 0), 1e-3);
    this.#filter();
    this.#draw();
  }

  set onlyMoving(wanted) {
    this.#onlyMoving = wanted;
    this.#filter();
    this.#draw();
  }

  seek(time) {
    const main = this.#shown.left ?? this.#shown.right;
    if (!main) return;
    this.#rows.forEach(({ row, canvas, value, picture }, at) => {
      if (row.hidden || !picture) return;
      const text = weightAt(main, at, time).toFixed(2);
      if (value.textContent !== text) value.textContent = text;
      const context = canvas.getContext("2d");
      context.putImageData(picture, 0, 0);
      context.fillStyle = "#ffffff";
      context.fillRect((time / this.#duration) * (canvas.width - 2), 0, 2, canvas.height);
    });
  }

  #filter() {
    for (const [at, { row }] of this.#rows.entries()) {
      row.hidden = this.#onlyMoving && !Object.values(this.#shown).some((curves) => curves && moves(curves, at));
    }
  }

  #draw() {
    const scale = window.devicePixelRatio;
    for (const [at, entry] of this.#rows.entries()) {
      const { canvas, row } = entry;
      if (row.hidden || !canvas.clientWidth) continue;
      canvas.width = canvas.clientWidth * scale;
      canvas.height = canvas.clientHeight * scale;
      const context = canvas.getContext("2d", { willReadFrequently: true });
      context.fillStyle = "#171a20";
      context.fillRect(0, 0, canvas.width, canvas.height);
      for (const [side, colour] of [["right", "#ffb266"], ["left", "#6fb1ff"]]) {
        if (this.#shown[side]) this.#line(context, this.#shown[side], at, colour);
      }
      entry.picture = context.getImageData(0, 0, canvas.width, canvas.height);
    }
  }

  #line(context, { names, times, weights }, at, colour) {
    const { width, height } = context.canvas;
    context.strokeStyle = colour;
    context.beginPath();
    for (let frame = 0; frame < times.length; frame++) {
      const x = (times[frame] / this.#duration) * (width - 2);
      context.lineTo(x, (height - 2) * (1 - weights[frame * names.length + at]) + 1);
    }
    context.stroke();
  }
}

function moves({ names, times, weights }, at) {
  for (let frame = 0; frame < times.length; frame++) {
    if (Math.abs(weights[frame * names.length + at]) > MOVES) return true;
  }
  return false;
}

function weightAt({ names, times, weights }, at, time) {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (times[middle] <= time) low = middle;
    else high = middle - 1;
  }
  return weights[low * names.length + at];
}
