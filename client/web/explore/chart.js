// SPDX-License-Identifier: GPL-3.0-or-later
// Drawings as SVG: axes, scatter, steps with bands, bars, rows of time, matrices. Attributes only, so that a saved file looks the same.
import { COLORS, date, dayMonth, FAINT, INK, LINE, isNumber, number, s } from './base.js';
import { scaleLinear, scaleSqrt, scaleUtc } from 'd3-scale';

export const FONT = 'Inter, system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
export function picture(width, height, title) {
  return s('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': title, 'font-family': FONT, 'font-size': 13, fill: INK }, s('title', null, title));
}
export function label(x, y, text, attributes = {}) {
  return s('text', { x, y, ...attributes }, text);
}
let ruler = null;
const widths = new Map();
/** How wide a text is drawn, in pixels of its size. */
export function wide(text, size = 13) {
  if (!ruler) {
    ruler = document.createElement('canvas').getContext('2d');
    ruler.font = `100px ${FONT}`;
  }
  if (!widths.has(text)) widths.set(text, ruler.measureText(text).width / 100);
  return widths.get(text) * size;
}
/** As much of a text as fits into so many pixels, with an ellipsis where it is cut. */
export function fitted(text, room, size = 13) {
  if (wide(text, size) <= room) return text;
  let few = 0, many = text.length - 1;
  while (few < many) {
    const half = Math.ceil((few + many) / 2);
    if (wide(`${text.slice(0, half).trimEnd()}…`, size) <= room) few = half;
    else many = half - 1;
  }
  return few > 0 ? `${text.slice(0, few).trimEnd()}…` : '';
}

/** x and y axes with ticks, grid and titles. */
export function axes(svg, { x, y, width, height, left, bottom, top, right, xTitle, yTitle, xShow = number, yShow = number, xTicks, yTicks }) {
  const g = s('g', { fill: FAINT });
  for (const tick of y?.ticks?.(yTicks ?? 5) ?? []) {
    g.append(s('line', { x1: left, x2: width - right, y1: y(tick), y2: y(tick), stroke: LINE }), label(left - 8, y(tick) + 4, yShow(tick), { 'text-anchor': 'end' }));
  }
  for (const tick of x.ticks(xTicks ?? Math.max(2, Math.floor((width - left - right) / 90)))) {
    g.append(s('line', { x1: x(tick), x2: x(tick), y1: height - bottom, y2: height - bottom + 5, stroke: FAINT }), label(x(tick), height - bottom + 19, xShow(tick), { 'text-anchor': 'middle' }));
  }
  g.append(s('line', { x1: left, x2: width - right, y1: height - bottom, y2: height - bottom, stroke: FAINT }));
  if (xTitle) g.append(label(width - right, height - 8, xTitle, { 'text-anchor': 'end', fill: INK }));
  if (yTitle) g.append(label(4, top - 12, yTitle, { fill: INK }));
  svg.append(g);
}

/** A mark of one of eight shapes, in one of eight colours, with an outline. */
export function mark(index, x, y, size, attributes = {}) {
  const r = size, shapes = [
    () => s('circle', { cx: x, cy: y, r }),
    () => s('rect', { x: x - r * 0.9, y: y - r * 0.9, width: r * 1.8, height: r * 1.8 }),
    () => s('path', { d: `M${x} ${y - r * 1.2}L${x + r * 1.1} ${y + r * 0.8}H${x - r * 1.1}Z` }),
    () => s('path', { d: `M${x} ${y - r * 1.25}L${x + r * 1.25} ${y}L${x} ${y + r * 1.25}L${x - r * 1.25} ${y}Z` }),
    () => s('path', { d: `M${x} ${y + r * 1.2}L${x + r * 1.1} ${y - r * 0.8}H${x - r * 1.1}Z` }),
    () => s('path', { d: `M${x - r} ${y - r * 0.4}H${x - r * 0.4}V${y - r}H${x + r * 0.4}V${y - r * 0.4}H${x + r}V${y + r * 0.4}H${x + r * 0.4}V${y + r}H${x - r * 0.4}V${y + r * 0.4}H${x - r}Z` }),
    () => s('ellipse', { cx: x, cy: y, rx: r * 1.3, ry: r * 0.75 }),
    () => s('rect', { x: x - r * 0.6, y: y - r * 1.1, width: r * 1.2, height: r * 2.2 })];
  const element = shapes[index % shapes.length]();
  for (const [name, value] of Object.entries({ fill: COLORS[index % COLORS.length], stroke: INK, 'stroke-width': 1, ...attributes })) element.setAttribute(name, value);
  return element;
}
export function legend(names) {
  const element = s('g');
  return { element, place(width, y) {
    let x = 8, row = y;
    names.forEach((name, i) => {
      const text = fitted(name, Math.min(260, width - 30)), room = 32 + wide(text);
      if (x + room > width && x > 8) { x = 8; row += 20; }
      element.append(mark(i, x + 6, row - 4, 5.5), label(x + 17, row, text));
      x += room;
    });
    return row;
  } };
}

/** Points { x, y, low, high, size, group, name, text }, y with intervals. */
export function scatter(width, { title, points, groups, xTitle, yTitle, xRoot = false }) {
  const keys = legend(groups);
  const under = keys.place(width, 16), top = under + 40, bottom = 50, left = 52, right = 16, height = Math.max(380, Math.min(560, width * 0.62)) + under;
  const svg = picture(width, height, title);
  const xs = points.map((p) => p.x), ys = points.flatMap((p) => [p.y, p.high]).filter(isNumber);
  const x = (xRoot ? scaleSqrt() : scaleLinear()).domain([0, Math.max(1e-9, ...xs)]).range([left + 8, width - right - 8]).nice();
  const y = scaleLinear().domain([0, Math.max(1e-9, ...ys)]).range([height - bottom, top]).nice();
  const size = scaleSqrt().domain([0, Math.max(1, ...points.map((p) => p.size ?? 1))]).range([3, 9]);
  axes(svg, { x, y, width, height, left, bottom, top, right, xTitle, yTitle });
  svg.append(keys.element);
  for (const p of points) if (isNumber(p.low) && isNumber(p.high)) svg.append(s('line', { x1: x(p.x), x2: x(p.x), y1: y(p.low), y2: y(p.high), stroke: FAINT, 'stroke-width': 1.5 }));
  const taken = [];
  for (const p of [...points].sort((a, b) => (b.size ?? 0) - (a.size ?? 0))) {
    const dot = mark(p.group, x(p.x), y(p.y), size(p.size ?? 1));
    dot.append(s('title', null, p.text));
    svg.append(dot);
  }
  for (const p of [...points].sort((a, b) => b.y * (b.x + 1) - a.y * (a.x + 1))) { // names where there is room, the outermost first
    const text = fitted(p.name, Math.max(110, Math.min(260, width * 0.24)), 12), room = wide(text, 12), leftward = x(p.x) + room + 14 > width - right;
    const box = { x: leftward ? x(p.x) - room - 11 : x(p.x) + 9, y: y(p.y) - 6, w: room, h: 14 };
    if (taken.some((o) => box.x < o.x + o.w && o.x < box.x + box.w && box.y < o.y + o.h && o.y < box.y + box.h)) continue;
    taken.push(box);
    svg.append(label(leftward ? x(p.x) - 11 : x(p.x) + 11, y(p.y) + 4, text, { 'text-anchor': leftward ? 'end' : 'start', 'font-size': 12, stroke: '#fff', 'stroke-width': 3, 'paint-order': 'stroke' }));
  }
  return svg;
}

/** Falling step curves { name, points: [{ day, value, low, high }] } with bands of their intervals. */
export function steps(width, { title, curves, xTitle, yTitle, until }) {
  const height = Math.max(320, Math.min(460, width * 0.5)), top = 40, bottom = 50, left = 52, right = Math.min(width * 0.34, 20 + Math.max(...curves.map((curve) => wide(curve.name))));
  const svg = picture(width, height, title);
  const x = scaleLinear().domain([0, until]).range([left, width - right]);
  const y = scaleLinear().domain([0, 1]).range([height - bottom, top]);
  axes(svg, { x, y, width, height, left, bottom, top, right, xTitle, yTitle, yShow: (v) => `${Math.round(v * 100)} %` });
  const dashes = ['', '7 4', '2 3', '10 3 2 3', '4 2'];
  const path = (points, key, start) => points.reduce((d, p) => `${d}H${x(Math.min(p.day, until)).toFixed(1)}V${y(p[key]).toFixed(1)}`, `M${x(0)} ${y(start)}`);
  const ends = [];
  curves.forEach((curve, i) => {
    const shown = curve.points.filter((p) => p.day <= until);
    if (shown.length === 0) return;
    const banded = shown.filter((p) => isNumber(p.low) && isNumber(p.high));
    if (banded.length > 1) {
      let back = '';
      for (let b = banded.length - 1; b > 0; b--) back += `V${y(banded[b - 1].low).toFixed(1)}H${x(banded[b - 1].day).toFixed(1)}`;
      const end = banded.at(-1);
      svg.append(s('path', { d: `M${x(banded[0].day)} ${y(banded[0].high)}${banded.slice(1).map((p) => `H${x(p.day).toFixed(1)}V${y(p.high).toFixed(1)}`).join('')}L${x(end.day)} ${y(end.low)}${back}Z`, fill: COLORS[i], 'fill-opacity': 0.16 }));
    }
    svg.append(s('path', { d: path(shown, 'value', 1), fill: 'none', stroke: COLORS[i], 'stroke-width': 2.5, 'stroke-dasharray': dashes[i % dashes.length] }));
    ends.push({ y: y(shown.at(-1).value), name: curve.name, i });
  });
  ends.sort((a, b) => a.y - b.y).forEach((end, n) => {
    end.y = n > 0 ? Math.max(end.y, ends[n - 1].y + 16) : end.y;
    svg.append(label(width - right + 8, end.y + 4, fitted(end.name, right - 10), { fill: INK }), s('line', { x1: width - right + 2, x2: width - right + 7, y1: end.y, y2: end.y, stroke: COLORS[end.i], 'stroke-width': 3 }));
  });
  return svg;
}

/** Bars { name, value, group, text } in the order they come. */
export function bars(width, { title, rows, xTitle, xShow = number }) {
  const left = Math.min(width * 0.45, 14 + Math.max(...rows.map((row) => wide(row.name)))), right = 28, top = 10, bottom = 48, each = 24, height = top + bottom + each * rows.length;
  const svg = picture(width, height, title);
  const values = rows.map((row) => row.value).filter(isNumber);
  const x = scaleLinear().domain([0, Math.max(1e-9, ...values)]).range([left, width - right]).nice();
  axes(svg, { x, width, height, left, bottom, top, right, xTitle, xShow });
  rows.forEach((row, i) => {
    const y = top + i * each;
    svg.append(label(left - 8, y + 16, fitted(row.name, left - 10), { 'text-anchor': 'end' }));
    if (!isNumber(row.value)) return;
    const bar = s('rect', { x: left, y: y + 4, width: Math.max(1, x(row.value) - left), height: each - 9, fill: COLORS[row.group ?? 0], stroke: INK, 'stroke-width': 0.5 });
    bar.append(s('title', null, row.text ?? `${row.name}: ${xShow(row.value)}`));
    svg.append(bar);
  });
  return svg;
}

/** One share with its interval on a short line from 0 to 1. */
export function whisker(width, { title, value, low, high, show }) {
  const svg = picture(width, 34, title), x = scaleLinear().domain([0, 1]).range([6, width - 6]).clamp(true);
  svg.append(s('line', { x1: 6, x2: width - 6, y1: 12, y2: 12, stroke: LINE, 'stroke-width': 6, 'stroke-linecap': 'round' }));
  if (isNumber(low) && isNumber(high)) svg.append(s('line', { x1: x(low), x2: x(high), y1: 12, y2: 12, stroke: COLORS[4], 'stroke-width': 6, 'stroke-linecap': 'round' }));
  if (isNumber(value)) svg.append(s('circle', { cx: x(value), cy: 12, r: 6, fill: COLORS[0], stroke: '#fff', 'stroke-width': 1.5 }));
  svg.append(label(6, 32, show(0), { 'font-size': 11, fill: FAINT }), label(width - 6, 32, show(1), { 'font-size': 11, fill: FAINT, 'text-anchor': 'end' }));
  return svg;
}

/** Rows of time: { name, marks }; draw(svg, mark, at, y, right) draws each in its row's middle y, at(day) says where a day is, right where the picture ends. over(svg, at, rowAt), when given, draws above all rows. Days are since 1970. */
export function timeline(width, { title, rows, from, to, draw, over }) {
  const left = Math.min(width * 0.4, 14 + Math.max(40, ...rows.map((row) => wide(row.name, 12)))), right = 24, top = 30, bottom = 30, each = 26, height = top + bottom + each * rows.length;
  const svg = picture(width, height, title);
  const pad = Math.max(1, (to - from) * 0.02);
  const x = scaleUtc().domain([new Date((from - pad) * 86400000), new Date((to + pad) * 86400000)]).range([left, width - right]);
  const at = (day) => x(new Date(day * 86400000)), rowAt = (i) => top + (i + 0.5) * each;
  const span = to - from, short = (value, i) => (span > 1500 ? String(value.getUTCFullYear()) : i === 0 || value.getUTCMonth() === 0 ? date(value.toISOString()) : dayMonth(value));
  for (const [i, tick] of x.ticks(Math.max(2, Math.floor((width - left) / 110))).entries()) {
    svg.append(s('line', { x1: x(tick), x2: x(tick), y1: top - 6, y2: height - bottom, stroke: LINE }), label(Math.min(x(tick), width - wide(short(tick, i), 12) / 2 - 2), top - 12, short(tick, i), { 'text-anchor': 'middle', fill: FAINT, 'font-size': 12 }));
  }
  rows.forEach((row, i) => {
    const y = rowAt(i);
    svg.append(label(left - 8, y + 4, fitted(row.name, left - 10, 12), { 'text-anchor': 'end', 'font-size': 12 }), s('line', { x1: left, x2: width - right, y1: y, y2: y, stroke: '#eceef0' }));
    for (const one of row.marks) draw(svg, one, at, y, width);
  });
  over?.(svg, at, rowAt);
  return svg;
}

/** A square of cells; value(a, b) gives { fill, text, cross } or null. */
export function cellsOf(width, { title, names, bands, value }) {
  const n = names.length, longest = Math.max(...names.map((name) => wide(name, 12))), left = Math.min(260, width * 0.3, longest + 10), top = Math.min(190, width * 0.3, longest * 0.87 + 18), tail = Math.min(110, (top - 8) * 0.58);
  const each = Math.max(4, Math.min(n <= 12 ? 48 : 26, (width - left - tail) / n)), size = each * n;
  const svg = picture(width, top + size + 10, title);
  const fits = each >= 9, letter = Math.min(12, Math.max(8, each));
  names.forEach((name, i) => {
    if (!fits && i % Math.ceil(9 / each) !== 0) return;
    svg.append(label(left - 5, top + i * each + each / 2 + 4, fitted(name, left - 7, letter), { 'text-anchor': 'end', 'font-size': letter }),
      label(0, 0, fitted(name, (top - 12) / 0.87, letter), { 'font-size': letter, transform: `translate(${left + i * each + each / 2 + 4} ${top - 5}) rotate(-60)` }));
  });
  svg.append(s('rect', { x: left, y: top, width: size, height: size, fill: '#f6f7f8', stroke: LINE }));
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) {
      const cell = value(a, b);
      if (!cell) continue;
      const box = s('rect', { x: left + b * each, y: top + a * each, width: Math.max(1, each - 1), height: Math.max(1, each - 1), fill: cell.fill });
      box.append(s('title', null, cell.text));
      svg.append(box);
      if (cell.cross && each >= 7) svg.append(s('path', { d: `M${left + b * each + each * 0.25} ${top + a * each + each * 0.25}l${each * 0.45} ${each * 0.45}m0 ${-each * 0.45}l${-each * 0.45} ${each * 0.45}`, stroke: '#fff', 'stroke-width': 1.8, fill: 'none' }));
    }
  }
  for (const at of bands ?? []) svg.append(s('path', { d: `M${left} ${top + at * each}H${left + size}M${left + at * each} ${top}V${top + size}`, stroke: FAINT, 'stroke-width': 0.75, fill: 'none' }));
  return svg;
}
/** From almost white to dark blue, light enough to tell at both ends. */
export function shade(share) {
  const mix = (a, b) => Math.round(a + (b - a) * Math.max(0, Math.min(1, share)));
  return `rgb(${mix(222, 8)},${mix(235, 48)},${mix(247, 107)})`;
}
