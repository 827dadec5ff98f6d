// SPDX-License-Identifier: GPL-3.0-or-later
// A figure with everything that goes with it: its table, its files, its metric card, and what is missing from it.
import { alert, announce, button, date, dateIfAny, h, heading, isNumber, nextId, number, painted, paragraph, printed, s, t } from './base.js';
import { addressOf, Problem, spoken, stop } from './api.js';

// ------------------------------------------------------------------ tables
const PAGE = 25, LONG = 60; // rows; letters from which on a cell is not made narrow
const LEAD_MS = 400; // the others do not wait longer for the first part
const showCell = (column, row) => (column.show ? column.show(row[column.key], row) : isNumber(row[column.key]) || row[column.key] === null ? number(row[column.key]) : row[column.key] ?? '');

/** columns: [{ key, title, show, text }], rows: objects. Sortable; the first rows, and all when asked. */
export function dataTable(caption, columns, rows, { limit = PAGE } = {}) {
  const id = nextId('table');
  let sorted = { key: null, up: true }, shown = rows, all = rows.length <= limit + 5;
  const body = h('tbody'), counted = h('p', { class: 'help', role: 'status' }), heads = h('tr');
  const isText = (column) => {
    const one = rows.find((row) => typeof row[column.key] === 'number'); // numbers that are shown as words are words
    return column.text ?? (!one || /^\p{L}/u.test(column.show ? column.show(one[column.key], one) : ''));
  };
  const texts = columns.map(isText);
  function fillRows() {
    const cut = all ? shown : shown.slice(0, limit);
    body.replaceChildren(...cut.map((row) => h('tr', null, columns.map((column, c) => {
      const value = showCell(column, row), look = !texts[c] ? 'num' : [date, dateIfAny].includes(column.show) ? 'day' : typeof value === 'string' && value.length > LONG ? 'long' : null;
      return c === 0 ? h('th', { scope: 'row', class: look }, value) : h('td', { class: look }, value);
    }))));
    counted.replaceChildren(all ? '' : t('The first %s of %s rows.', number(cut.length), number(shown.length)), ' ',
      all ? '' : button(t('Show all'), () => { all = true; fillRows(); }));
    counted.hidden = all;
  }
  function sortBy(column) {
    sorted = { key: column.key, up: sorted.key === column.key ? !sorted.up : texts[columns.indexOf(column)] };
    const sign = sorted.up ? 1 : -1;
    shown = [...rows].sort((a, b) => {
      const left = a[column.key], right = b[column.key];
      if (left === right) return 0;
      if (left === null || left === undefined || left === '') return 1; // missing last, either way
      if (right === null || right === undefined || right === '') return -1;
      return sign * (typeof left === 'number' && typeof right === 'number' ? left - right : String(left).localeCompare(String(right), 'nb'));
    });
    fillHeads();
    fillRows();
    announce(t('Sorted by %s.', column.title));
  }
  function fillHeads() {
    heads.replaceChildren(...columns.map((column, c) => {
      const head = h('button', { type: 'button', onclick: () => sortBy(column) }, column.title);
      if (column.definition) spoken(column.definition, (words) => { head.title = words; });
      return h('th', { scope: 'col', class: texts[c] ? null : 'num', 'aria-sort': sorted.key === column.key ? (sorted.up ? 'ascending' : 'descending') : 'none' }, head);
    }));
  }
  fillHeads();
  fillRows();
  return h('div', { class: 'twin' }, h('p', { class: 'caption', id }, caption),
    h('div', { class: 'ds-table-wrap', tabindex: '0', role: 'region', 'aria-labelledby': id, hidden: rows.length === 0 },
      h('table', { class: 'ds-table', 'data-size': 'sm', 'data-border': true, 'aria-labelledby': id }, h('thead', null, heads), body)),
    rows.length === 0 ? paragraph(t('There is nothing to show.')) : counted);
}

/** An element that says what the analysis says. */
function saying(tag, text) {
  const element = h(tag);
  spoken(text, (words) => { element.textContent = words; });
  return element;
}
const within = (open, text, close) => (text ? [open, saying('span', text), close] : null);

/** Columns for dataTable out of a result's table: [name, title, show?], with the definition the result has for it. */
export function columnsOf(table, wanted) {
  return wanted.map(([key, title, show]) => ({ key, title, show, definition: table?.columns.find((column) => column.name === key)?.definition }));
}

// ------------------------------------------------------------------ metric cards
/** Keys of a card whose values are counts and nothing else, as analysis/report/method.c has them. */
const COUNTS = ['answers', 'answers outside the level or view', 'answers that name nobody the register knows', 'interactions', 'interactions with a name that waits',
  'replicates', 'united reports', 'unknown pairs', 'unknown pairs before the treatment'];
export function openCard(title, results) {
  const known = [...new Map(results.filter(Boolean).map((result) => [`${result.family} ${result.spec}`, result])).values()];
  const id = nextId('card');
  const dialog = h('dialog', { class: 'card', 'aria-labelledby': id, onclose: () => dialog.remove() },
    h('div', { class: 'card-head' }, h('h2', { class: 'ds-heading', 'data-size': 'sm', id }, t('About these numbers: %s', title)),
      button(t('Close'), () => dialog.close())),
    known.map(({ family, card, tables, id: result }) => h('section', null, heading(t('Family %s', family), 3),
      h('dl', null,
        [[t('Specification'), card.spec], [t('Data as of'), card.watermark], [t('Computed'), card.computed_at], [t('By'), `${card.software ?? ''} ${card.engine ?? ''}`],
          [t('Seed'), card.seed], [t('Result'), h('a', { class: 'ds-link', href: `/v1/results/id/${result}` }, result ?? '')]]
          .filter(([, value]) => value).map(([key, value]) => h('div', null, h('dt', null, key), h('dd', null, value))),
        (card.entries ?? []).map((entry) => h('div', null, saying('dt', entry.key), COUNTS.includes(entry.key) ? h('dd', null, printed(entry.value)) : saying('dd', entry.value)))),
      h('details', { class: 'ds-details' }, h('summary', null, t('What the columns mean')),
        h('div', null, Object.values(tables).map((table) => [heading(table.name, 4), h('dl', null, table.columns.map((column) =>
          h('div', null, h('dt', null, column.name, within(' (', column.unit, ')')), h('dd', null, saying('span', column.definition), within(' [', column.source, ']')))))]))))));
  document.body.append(dialog);
  dialog.showModal();
}

// ------------------------------------------------------------------ files
function save(name, blob) {
  const link = h('a', { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
function svgText(svg) {
  const copy = svg.cloneNode(true);
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.prepend(s('rect', { width: '100%', height: '100%', fill: '#ffffff' }));
  return new XMLSerializer().serializeToString(copy);
}
async function savePng(name, svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText(svg))}`;
  await image.decode();
  const scale = 2, box = svg.viewBox.baseVal;
  const canvas = h('canvas', { width: box.width * scale, height: box.height * scale });
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => save(`${name}.png`, blob));
}

/** What results say is missing, each note once. */
export function missing(results) {
  const notes = [...new Set(results.filter(Boolean).flatMap((result) => result.card.notes ?? []))];
  return notes.length === 0 ? null
    : h('details', { class: 'ds-details notes' }, h('summary', null, t('What is missing or uncertain (%s)', notes.length)),
      h('div', null, h('ul', { class: 'ds-list' }, notes.map((note) => saying('li', note)))));
}

/**
 * A section with a figure. draw(width) gives an <svg> anew for every width (or null: table only); canvas is for a figure that draws itself,
 * { element, svg() }. twin is its table; results are what it was drawn from, the first the one whose files are offered; a CSV holds one of its
 * tables, `table` (none: the first). A figure of a list instead of results has the list's address, `list`. level: of its heading.
 */
export function figure({ title, text, draw, canvas, twin, results, controls, name, table, list, level = 2 }) {
  const place = h('div', { class: 'drawing' });
  let svg = null, seen = 0;
  function redraw() {
    const width = Math.max(280, Math.floor(place.clientWidth));
    if (width === seen) return;
    seen = width;
    svg = draw(width);
    if (svg) place.replaceChildren(svg);
  }
  if (draw) new ResizeObserver(() => requestAnimationFrame(redraw)).observe(place);
  else if (canvas) place.append(canvas.element);
  const [first] = results, caption = twin.querySelector?.('.caption');
  if (caption?.textContent === title && !draw && !canvas) caption.classList.add('ds-sr-only'); // the heading says it just above
  const files = h('div', { class: 'files' },
    draw || canvas?.svg ? button('SVG', () => save(`${name}.svg`, new Blob([canvas ? svgText(canvas.svg()) : svgText(svg)], { type: 'image/svg+xml' })), { 'aria-label': t('Figure as SVG: %s', title) }) : null,
    draw ? button('PNG', () => savePng(name, svg), { 'aria-label': t('Figure as PNG: %s', title) }) : null,
    canvas ? button('PNG', () => canvas.element.querySelector('canvas').toBlob((blob) => save(`${name}.png`, blob)), { 'aria-label': t('Figure as PNG: %s', title) }) : null,
    first ? ['csv', 'json', 'xlsx'].map((format) => h('a', { class: 'ds-link', href: addressOf(first.family, first.spec, format, table), 'aria-label': t('Data as %s: %s', format.toUpperCase(), title) }, format.toUpperCase())) : null,
    list ? h('a', { class: 'ds-link', href: list, download: `${name}.json`, 'aria-label': t('Data as %s: %s', 'JSON', title) }, 'JSON') : null,
    first ? button(t('About these numbers'), () => openCard(title, results), { 'aria-label': t('About these numbers: %s', title) }) : null);
  return h('section', { class: 'figure' }, heading(title, level), text ? paragraph(text) : null, controls ?? null,
    draw || canvas ? h('figure', { 'aria-label': title }, place) : null,
    draw || canvas ? h('details', { class: 'ds-details' }, h('summary', null, t('The figure as a table')), h('div', null, twin)) : twin,
    files, missing(results));
}

/** What to say of a problem. What no answer and no connection is to blame for is a fault of ours, and noted. */
export function told(problem) {
  if (problem instanceof Problem) return problem.message === problem.title ? problem.title : `${problem.title}: ${problem.message}`;
  console.error(problem);
  return t('This part could not be shown.');
}

/** Runs `make` and puts what it gives into `place`; a problem is told there, and what the reader stopped can be begun again. */
export async function into(place, make) {
  place.setAttribute('aria-busy', 'true');
  try {
    place.replaceChildren(...[await make()].flat(2).filter(Boolean));
  } catch (problem) {
    if (problem.isStopped) place.replaceChildren(alert(t('This was stopped before it was computed.')), button(t('Compute it now'), () => into(place, make)));
    else place.replaceChildren(alert(told(problem), 'danger', 'alert'));
  } finally {
    place.removeAttribute('aria-busy');
  }
}
let lead = null; // of this view: its first part has been painted
/** A view begins: what is asked for next is its first part. */
export function first() { lead = null; }
/** A place that shows how far a job is until `make` has an answer, and lets the reader stop it. The first part of a view goes before the others. */
export function waiting(make) {
  const place = h('div', { class: 'part', 'aria-busy': 'true' }, h('p', { class: 'wait' }, t('Computing …')));
  const run = () => {
    const bar = h('p', { class: 'wait' }, t('Computing …'));
    let known = 0;
    place.replaceChildren(bar);
    return make((permille, job) => {
      bar.textContent = t('Computing … %s%', Math.round(permille / 10));
      if (job && job !== known) bar.after(button(t('Stop'), (event) => { event.target.disabled = true; stop(job); }));
      known = job;
    });
  };
  if (lead) Promise.race([lead, new Promise((resolve) => { setTimeout(resolve, LEAD_MS); })]).then(() => into(place, run));
  else lead = into(place, run).then(painted);
  return place;
}
