// SPDX-License-Identifier: GPL-3.0-or-later
// Map: the network on a canvas, places from family layout, which holds actors still from period to period.
import { alert, announce, button, COLORS, date, FAINT, h, INK, isNumber, nextId, number, s, select, t, term, tn } from './base.js';
import { result } from './api.js';
import { anchor, remember, spans, specification, state } from './address.js';
import { dataTable, figure, told, waiting } from './figure.js';
import { mark, wide } from './chart.js';
import { scaleSqrt } from 'd3-scale';
import { select as choose } from 'd3-selection';
import { zoom as makeZoom, zoomIdentity } from 'd3-zoom';
import { quadtree } from 'd3-quadtree';

const TIES_MAX = 20000;
const DIRECT_MAX = 1200; // with more ties a gesture moves a picture of the map, and the map is drawn anew when it rests
const REST_MS = 120;
const NAMES_ALL = 80; // of so few actors every name is written where there is room
const SIZES = () => ({ strength: t('Strength'), degree: t('Degree'), betweenness: t('Betweenness'), eigenvector: t('Eigenvector'), median_days: t('Median days to answer'), requests: t('Requests'), overdue: t('Overdue') });
const QUARTERS = [0, 1, 2, 3], WITHOUT = 5; // shapes of a number's quarters, the least first, and of a missing one
const SEQUENCE = ['#c6dbef', '#9ecae1', '#6baed6', '#3182bd', '#08519c'];

/** The strongest ties that are few enough, as the least weight. */
function thresholdFor(ties, most) {
  if (ties.length <= most) return 0;
  return [...ties].sort((a, b) => b.weight - a.weight)[most - 1].weight;
}

// ------------------------------------------------------------------ the canvas
/** graph: { nodes: [{ key, name, x, y, size, color, shape }], ties: [{ a, b, weight }] }. picked(key) is called when an actor is chosen. */
function drawing(graph, picked) {
  const canvas = h('canvas', { tabindex: '0', role: 'application', 'aria-roledescription': t('map'), 'aria-describedby': nextId('keys') });
  const context = canvas.getContext('2d', { alpha: false });
  const radius = scaleSqrt();
  let width = 0, height = 0, base = { k: 1, x: 0, y: 0 }, view = zoomIdentity, at = null, ego = null, least = 0, tree = null, asked = 0, near = new Set(), shown = graph.ties, most = 1, ranks = [];
  const screen = (node) => [view.applyX(node.x * base.k + base.x), view.applyY(node.y * base.k + base.y)];

  function measure() {
    most = Math.max(1e-9, ...graph.nodes.map((n) => n.size ?? 0));
    radius.domain([0, most]);
    shown = graph.ties.filter((tie) => tie.weight >= least && (ego === null || tie.a.key === ego || tie.b.key === ego));
    near = ego === null ? null : new Set([ego, ...shown.flatMap((tie) => [tie.a.key, tie.b.key])]);
    ranks = [...graph.nodes].sort((a, b) => (b.size ?? 0) - (a.size ?? 0));
    const strongest = shown.reduce((high, tie) => Math.max(high, tie.weight), 1e-9);
    for (const tie of shown) tie.band = Math.min(4, Math.floor(5 * Math.sqrt(tie.weight / strongest)));
  }
  function fit() {
    const xs = graph.nodes.map((n) => n.x), ys = graph.nodes.map((n) => n.y), left = Math.min(...xs), right = Math.max(...xs), top = Math.min(...ys), bottom = Math.max(...ys);
    const k = Math.min((width - 90) / Math.max(1e-6, right - left), (height - 70) / Math.max(1e-6, bottom - top), 700);
    base = { k, x: (width - k * (left + right)) / 2, y: (height - k * (top + bottom)) / 2 };
    tree = quadtree(graph.nodes, (n) => n.x * base.k + base.x, (n) => n.y * base.k + base.y);
  }
  const SHAPES = [
    (c, x, y, r) => c.arc(x, y, r, 0, 7), (c, x, y, r) => c.rect(x - r * 0.88, y - r * 0.88, r * 1.76, r * 1.76),
    (c, x, y, r) => { c.moveTo(x, y - r * 1.2); c.lineTo(x + r * 1.1, y + r * 0.8); c.lineTo(x - r * 1.1, y + r * 0.8); c.closePath(); },
    (c, x, y, r) => { c.moveTo(x, y - r * 1.25); c.lineTo(x + r * 1.25, y); c.lineTo(x, y + r * 1.25); c.lineTo(x - r * 1.25, y); c.closePath(); },
    (c, x, y, r) => { c.moveTo(x, y + r * 1.2); c.lineTo(x + r * 1.1, y - r * 0.8); c.lineTo(x - r * 1.1, y - r * 0.8); c.closePath(); },
    (c, x, y, r) => { c.rect(x - r, y - r * 0.4, 2 * r, 0.8 * r); c.rect(x - r * 0.4, y - r, 0.8 * r, 2 * r); },
    (c, x, y, r) => c.ellipse(x, y, r * 1.3, r * 0.75, 0, 0, 7), (c, x, y, r) => c.rect(x - r * 0.6, y - r * 1.1, r * 1.2, r * 2.2)];

  let painted = zoomIdentity;
  function paint() {
    asked = 0;
    painted = view;
    const ratio = devicePixelRatio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, width, height);
    const k = base.k * view.k, dx = base.x * view.k + view.x, dy = base.y * view.k + view.y;
    for (let band = 0; band < 5; band++) { // one path for each width: a stroke is what costs
      context.beginPath();
      for (const tie of shown) {
        if (tie.band !== band) continue;
        const ax = tie.a.x * k + dx, ay = tie.a.y * k + dy, bx = tie.b.x * k + dx, by = tie.b.y * k + dy;
        if ((ax < 0 && bx < 0) || (ay < 0 && by < 0) || (ax > width && bx > width) || (ay > height && by > height)) continue;
        context.moveTo(ax, ay);
        context.lineTo(bx, by);
      }
      context.strokeStyle = ['#dfe4ea', '#ccd4de', '#aab7c6', '#7f92a8', '#4b6178'][band];
      context.lineWidth = [0.6, 0.9, 1.4, 2.2, 3.2][band];
      context.stroke();
    }
    const grow = Math.min(1.6, Math.max(0.7, Math.sqrt(view.k)));
    for (const node of graph.nodes) {
      const x = node.x * k + dx, y = node.y * k + dy, faded = near !== null && !near.has(node.key);
      if (x < -30 || y < -30 || x > width + 30 || y > height + 30) continue;
      context.globalAlpha = faded ? 0.18 : 1;
      context.beginPath();
      SHAPES[node.shape % 8](context, x, y, isNumber(node.size) ? radius(node.size) * grow : 3);
      context.fillStyle = node.color;
      context.fill();
      context.lineWidth = 1;
      context.strokeStyle = INK;
      context.stroke();
    }
    context.globalAlpha = 1;
    names(k, dx, dy, grow);
    if (at) {
      context.beginPath();
      context.arc(at.x * k + dx, at.y * k + dy, radius(at.size ?? 0) * grow + 6, 0, 7);
      context.lineWidth = 3;
      context.strokeStyle = '#d55e00';
      context.stroke();
    }
  }
  /** Names where there is room, the largest actors first. */
  function names(k, dx, dy, grow) {
    context.font = '12px Inter, system-ui, sans-serif';
    context.lineWidth = 3;
    context.strokeStyle = '#ffffff';
    const taken = new Map(), cellWide = 40, cellHigh = 15;
    let left = Math.round((ranks.length <= NAMES_ALL ? NAMES_ALL : 40) * Math.max(1, view.k));
    for (const node of at ? [at, ...ranks] : ranks) {
      if (left <= 0) break;
      if (near !== null && !near.has(node.key) && node !== at) continue;
      const text = node.short, long = wide(text, 12), far = radius(node.size ?? 0) * grow * 1.25 + 3, right = node.x * k + dx + far, y = node.y * k + dy + 4;
      const x = right + long > width && right - 2 * far - long > 0 ? right - 2 * far - long : right;
      if (x < -60 || y < 0 || x > width || y > height) continue;
      const cells = [];
      for (let c = Math.floor(x / cellWide); c <= Math.floor((x + long) / cellWide); c++) cells.push(`${c}/${Math.floor(y / cellHigh)}`);
      if (cells.some((cell) => taken.has(cell))) continue;
      for (const cell of cells) taken.set(cell, true);
      context.strokeText(text, x, y);
      context.fillStyle = INK;
      context.fillText(text, x, y);
      left--;
    }
  }
  // A gesture on a large map: what was drawn last is moved and scaled, which costs the same however many ties there are.
  let still = null, stillView = null, rest = 0;
  function slide() {
    asked = 0;
    if (!still) return paint();
    const ratio = devicePixelRatio, k = view.k / stillView.k;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(still, (view.x - stillView.x * k) * ratio, (view.y - stillView.y * k) * ratio, still.width * k, still.height * k);
    return undefined;
  }
  function moved() {
    if (shown.length > DIRECT_MAX && !still) {
      still = h('canvas', { width: canvas.width, height: canvas.height });
      still.getContext('2d', { alpha: false }).drawImage(canvas, 0, 0);
      stillView = painted;
    }
    clearTimeout(rest);
    rest = setTimeout(() => { still = null; ask(); }, REST_MS);
    if (!asked) asked = requestAnimationFrame(slide);
  }
  const ask = () => { if (!asked) asked = requestAnimationFrame(paint); };

  function resize() {
    const wide = canvas.parentElement?.clientWidth ?? 0;
    if (wide < 100) return;
    width = wide;
    height = Math.round(Math.max(380, Math.min(720, wide * 0.66)));
    canvas.width = width * devicePixelRatio;
    canvas.height = height * devicePixelRatio;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    radius.range([2.5, 20].map((pixels) => pixels * Math.max(0.5, Math.min(1, width / 800)))); // a small map has small marks
    fit();
    ask();
  }
  const zoom = makeZoom().scaleExtent([0.5, 30]).on('zoom', (event) => { view = event.transform; moved(); });
  const selection = choose(canvas);
  selection.call(zoom).on('dblclick.zoom', null);
  // A page that scrolls over a map should go on scrolling: the wheel zooms with Ctrl, or once the map has the focus.
  zoom.filter((event) => (event.type === 'wheel' ? event.ctrlKey || document.activeElement === canvas : !event.button));

  function say(node) {
    announce(node ? t('%s: %s. Enter shows its ties.', node.name, node.words) : '');
  }
  function point(node) {
    at = node;
    if (node) {
      const [x, y] = screen(node);
      if (x < 20 || y < 20 || x > width - 20 || y > height - 20) selection.call(zoom.translateTo, node.x * base.k + base.x, node.y * base.k + base.y);
    }
    say(node);
    ask();
  }
  canvas.addEventListener('click', (event) => {
    const box = canvas.getBoundingClientRect(), [x, y] = view.invert([event.clientX - box.left, event.clientY - box.top]);
    const found = tree.find(x, y, 24 / view.k);
    if (found) { point(found); picked(found.key); } else { point(null); picked(null); }
  });
  canvas.addEventListener('keydown', (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way && graph.nodes.length) {
      if (!at) point(ranks[0]);
      else { // the nearest actor within a right angle of that way
        let best = null, nearest = Infinity;
        for (const node of graph.nodes) {
          const x = node.x - at.x, y = node.y - at.y, along = x * way[0] + y * way[1], aside = Math.abs(x * way[1]) + Math.abs(y * way[0]);
          if (node !== at && along > 0 && aside <= along && along + aside < nearest) { best = node; nearest = along + aside; }
        }
        if (best) point(best);
      }
    } else if (event.key === 'Enter' && at) picked(at.key);
    else if (event.key === 'Escape') { point(null); picked(null); } else if (event.key === '+' || event.key === '=') selection.call(zoom.scaleBy, 1.3);
    else if (event.key === '-') selection.call(zoom.scaleBy, 1 / 1.3);
    else if (event.key === '0') selection.call(zoom.transform, zoomIdentity);
    else return;
    event.preventDefault();
  });
  const keys = h('p', { class: 'help', id: canvas.getAttribute('aria-describedby') }, t('Keys: arrows go to the nearest actor, Enter shows its ties, Escape all, + and − zoom, 0 fits. The wheel zooms when the map is chosen, or with Ctrl.'));
  const element = h('div', { class: 'map' }, canvas, keys);
  new ResizeObserver(resize).observe(element);
  measure();
  return { element, zoomBy: (by) => selection.call(zoom.scaleBy, by), home: () => selection.call(zoom.transform, zoomIdentity),
    show(changes) { if ('ego' in changes) ego = changes.ego; if ('least' in changes) least = changes.least; measure(); ask(); },
    find(key) { point(graph.nodes.find((n) => n.key === key) ?? null); }, shown: () => shown,
    svg() {
      const svg = s('svg', { viewBox: `0 0 ${width} ${height}`, width, height, 'font-family': 'Inter, system-ui, sans-serif', 'font-size': 12 });
      for (const tie of shown) { const [ax, ay] = screen(tie.a), [bx, by] = screen(tie.b); svg.append(s('line', { x1: ax.toFixed(1), y1: ay.toFixed(1), x2: bx.toFixed(1), y2: by.toFixed(1), stroke: ['#dfe4ea', '#ccd4de', '#aab7c6', '#7f92a8', '#4b6178'][tie.band], 'stroke-width': [0.6, 0.9, 1.4, 2.2, 3.2][tie.band] })); }
      for (const node of graph.nodes) { const [x, y] = screen(node); svg.append(mark(node.shape, x, y, isNumber(node.size) ? radius(node.size) : 3, { fill: node.color })); }
      for (const node of ranks.slice(0, 60)) { const [x, y] = screen(node); svg.append(s('text', { x: x + radius(node.size ?? 0) + 4, y: y + 4, fill: INK }, node.short)); }
      return svg;
    } };
}

// ------------------------------------------------------------------ the view
async function whole(progress) {
  const more = anchor();
  let times = ''; // why there are none
  const [network, places, centrality, response] = await Promise.all([result('network', { progress }), result('layout', { more }), result('centrality'), result('bottlenecks').catch((problem) => { times = told(problem); return null; })]);
  const sizes = SIZES(), metrics = Object.fromEntries(centrality.tables.centrality.rows.map((r) => [r.actor, { ...r }]));
  for (const r of response?.tables.bottlenecks.rows ?? []) Object.assign(metrics[r.actor] ??= {}, { median_days: r.median_days, requests: r.requests, overdue: r.overdue });
  const at = Object.fromEntries(places.tables.layout.rows.map((r) => [r.actor, r]));
  const sectors = [...new Set(network.tables.nodes.rows.map((r) => r.sector || ''))].sort();
  const kinds = [...new Set(network.tables.nodes.rows.map((r) => r.kind || ''))].sort();
  let size = sizes[state.own.size] ? state.own.size : 'strength', color = sizes[state.own.color] ? state.own.color : 'sector', shape = state.own.shape === 'kind' || sizes[state.own.shape] ? state.own.shape : 'sector';
  const nodes = network.tables.nodes.rows.filter((r) => at[r.actor]).map((r) => ({ key: r.actor, name: r.name, short: r.abbreviation || (r.name.length > 22 ? `${r.name.slice(0, 21)}…` : r.name), x: at[r.actor].x, y: at[r.actor].y, sector: r.sector || '', kind: r.kind || '', reported: r.reported }));
  const byKey = Object.fromEntries(nodes.map((n) => [n.key, n]));
  const tiesOf = (made) => made.tables.edges.rows.filter((r) => r.weight > 0 && byKey[r.from] && byKey[r.to]).map((r) => ({ a: byKey[r.from], b: byKey[r.to], weight: r.weight, count: r.count }));
  const graph = { nodes, ties: tiesOf(network) };
  const total = graph.ties.length, offered = thresholdFor(graph.ties, 5000), strongest = graph.ties.reduce((high, tie) => Math.max(high, tie.weight), 0);
  let least = Number(state.own.least) || (total > TIES_MAX ? offered : 0), ego = byKey[state.own.ego] ? state.own.ego : null, month = null, timer = 0;
  const panel = h('div', { class: 'panel', 'aria-live': 'polite' }), keyPlace = h('div', { class: 'keys' }), twinPlace = h('div');

  /** Which quarter of the actors with a number each is in; as many of the same number are in the same. */
  function quarters(metric) {
    const values = nodes.map((n) => metrics[n.key]?.[metric]).filter(isNumber).sort((a, b) => a - b);
    const bounds = values.length ? [...new Set([0.25, 0.5, 0.75].map((share) => values[Math.floor(share * values.length)]))].filter((bound) => bound > values[0]) : [];
    return { of: (value) => bounds.filter((bound) => value >= bound).length, bounds };
  }
  function dress() {
    const values = nodes.map((n) => metrics[n.key]?.[color]).filter(isNumber), high = Math.max(1e-9, ...values), quarter = sizes[shape] ? quarters(shape) : null;
    for (const n of nodes) {
      n.size = metrics[n.key]?.[size] ?? null;
      const value = metrics[n.key]?.[color], form = metrics[n.key]?.[shape];
      n.color = color === 'sector' ? COLORS[sectors.indexOf(n.sector) % 8] : isNumber(value) ? SEQUENCE[Math.min(4, Math.floor(5 * Math.sqrt(value / high)))] : '#ffffff';
      n.shape = shape === 'sector' ? sectors.indexOf(n.sector) % 8 : shape === 'kind' ? kinds.indexOf(n.kind) % 8 : isNumber(form) ? QUARTERS[quarter.of(form)] : WITHOUT;
      n.words = `${sizes[size]} ${number(n.size)}, ${n.sector || t('no sector')}`;
    }
    const sign = (child) => s('svg', { viewBox: '0 0 18 18', width: 18, height: 18, 'aria-hidden': 'true' }, child), row = (...items) => h('ul', { class: 'legend' }, items);
    const swatch = (fill) => sign(s('rect', { x: 1, y: 1, width: 16, height: 16, fill, stroke: FAINT })), open = (index) => sign(mark(index, 9, 9, 6, { fill: '#ffffff' }));
    const rows = [];
    if (color === 'sector') rows.push(row(sectors.map((name, i) => h('li', null, shape === 'sector' ? sign(mark(i % 8, 9, 9, 6)) : swatch(COLORS[i % 8]), name || t('no sector')))));
    else rows.push(row(h('li', null, t('%s: light is little, dark is much (%s), white is missing', sizes[color], number(high)), SEQUENCE.map(swatch))));
    if (shape === 'kind') rows.push(row(kinds.map((name, i) => h('li', null, open(i % 8), term(name) || t('unknown')))));
    else if (quarter) rows.push(row(h('li', null, t('%s, in quarters:', sizes[shape])), QUARTERS.slice(0, quarter.bounds.length + 1).map((form, i) => h('li', null, open(form), i < quarter.bounds.length ? t('under %s', number(quarter.bounds[i])) : i ? t('and more') : t('all'))), h('li', null, open(WITHOUT), t('missing'))));
    else if (color !== 'sector') rows.push(row(sectors.map((name, i) => h('li', null, open(i % 8), name || t('no sector')))));
    keyPlace.replaceChildren(...rows);
  }
  dress();
  const map = drawing(graph, (key) => choose_(key));
  function twin() {
    twinPlace.replaceChildren(dataTable(t('Actors on the map'), [{ key: 'name', title: t('Actor'), show: (v, r) => h('button', { class: 'ds-link', type: 'button', onclick: () => { map.find(r.key); choose_(r.key); } }, v) }, { key: 'sector', title: t('Sector'), text: true }, ...Object.entries(sizes).map(([key, title]) => ({ key, title }))], nodes.map((n) => ({ ...n, ...Object.fromEntries(Object.keys(sizes).map((key) => [key, metrics[n.key]?.[key] ?? null])) })).sort((a, b) => (b[size] ?? 0) - (a[size] ?? 0))));
  }
  function choose_(key) {
    ego = key;
    remember({ ego: key ?? '' });
    map.show({ ego, least });
    counted();
    if (!key) { panel.replaceChildren(h('p', { class: 'help' }, t('Choose an actor on the map or in the table to see its ties.'))); return; }
    const node = byKey[key], row = metrics[key] ?? {};
    const ties = graph.ties.filter((tie) => tie.a === node || tie.b === node).map((tie) => ({ name: (tie.a === node ? tie.b : tie.a).name, weight: tie.weight, count: tie.count })).sort((a, b) => b.weight - a.weight);
    panel.replaceChildren(h('h3', { class: 'ds-heading', 'data-size': 'xs' }, node.name), h('p', { class: 'ds-paragraph' }, [node.sector, node.reported === 1 ? t('has delivered') : t('has not delivered: ties only silent ones would know are unknown')].filter(Boolean).join(' · ')),
      h('dl', { class: 'tiles small' }, Object.entries(sizes).filter(([name]) => isNumber(row[name])).map(([name, title]) => h('div', null, h('dt', null, title), h('dd', null, number(row[name]))))),
      dataTable(tn('Its %s tie', 'Its %s ties', ties.length), [{ key: 'name', title: t('Other'), text: true }, { key: 'weight', title: t('Weight') }, { key: 'count', title: t('Interactions') }], ties, { limit: 8 }),
      h('p', null, button(t('Show all actors'), () => { map.find(null); choose_(null); })));
  }
  const count = h('p', { class: 'help', role: 'status' });
  const counted = () => { count.textContent = t('%s of %s ties shown.', number(map.shown().length), number(total)); };
  const slider = h('input', { type: 'range', id: 'least', min: 0, max: 100, value: strongest ? Math.round(100 * Math.sqrt(least / strongest)) : 0, oninput: (event) => {
    least = strongest * (event.target.value / 100) ** 2;
    output.textContent = number(least);
    remember({ least: least ? Number(least.toPrecision(4)) : '' });
    map.show({ least });
    counted();
  } });
  const output = h('output', { for: 'least' }, number(least));
  const found = h('datalist', { id: 'names' }, nodes.map((n) => h('option', { value: n.name })));
  // steps of time: only the ties change, everybody stays
  const steps = spans(), monthText = h('output', { for: 'month' }, t('the whole period'));
  async function toMonth(index) {
    month = index;
    monthText.textContent = index === 0 ? t('the whole period') : t('from %s', date(steps[index - 1].from));
    remember({ step: index === 0 ? '' : steps[index - 1].from });
    let made = network;
    try {
      if (index > 0) made = await result('network', { spec: specification('', steps[index - 1]) });
    } catch (problem) {
      if (month === index) count.textContent = told(problem); // the ties shown are still those of the step before
      return;
    }
    if (month !== index) return;
    graph.ties.splice(0, graph.ties.length, ...tiesOf(made));
    map.show({ least: index === 0 ? least : 0 });
    counted();
  }
  const began = steps.findIndex((step) => step.from === state.own.step) + 1;
  const monthSlider = h('input', { type: 'range', id: 'month', min: 0, max: steps.length, value: began, oninput: (event) => toMonth(Number(event.target.value)) });
  const play = button(t('Play'), () => {
    if (timer) { clearTimeout(timer); timer = 0; play.textContent = t('Play'); return; }
    play.textContent = t('Stop');
    const next = async () => {
      if (!monthSlider.isConnected) return; // another view is there
      const index = (Number(monthSlider.value) % steps.length) + 1;
      monthSlider.value = index;
      await toMonth(index);
      if (index === steps.length) { timer = 0; play.textContent = t('Play'); } else if (timer) timer = setTimeout(next, 900);
    };
    timer = setTimeout(next, 0);
  });
  const controls = h('div', { class: 'controls' },
    select(t('Size'), Object.entries(sizes), size, (value) => { size = value; remember({ size }); dress(); map.show({}); twin(); }),
    select(t('Colour'), [['sector', t('Sector')], ...Object.entries(sizes)], color, (value) => { color = value; remember({ color }); dress(); map.show({}); }),
    select(t('Shape'), [['sector', t('Sector')], ['kind', t('Kind')], ...Object.entries(sizes)], shape, (value) => { shape = value; remember({ shape }); dress(); map.show({}); }),
    h('div', { class: 'ds-field' }, h('label', { class: 'ds-label', for: 'find' }, t('Find an actor')), h('input', { class: 'ds-input', id: 'find', type: 'search', list: 'names', onchange: (event) => {
      const words = event.target.value.toLocaleLowerCase('nb'), hit = words && (nodes.find((n) => n.name.toLocaleLowerCase('nb') === words || n.short.toLocaleLowerCase('nb') === words) ?? nodes.find((n) => n.name.toLocaleLowerCase('nb').includes(words)));
      if (hit) { map.find(hit.key); choose_(hit.key); } else if (words) announce(t('Nobody of that name is on the map.'));
    } }), found),
    h('div', { class: 'ds-field' }, h('label', { class: 'ds-label', for: 'least' }, t('Least weight of a tie'), ': ', output), slider),
    steps.length > 1 ? h('div', { class: 'ds-field' }, h('label', { class: 'ds-label', for: 'month' }, t('Time'), ': ', monthText), h('div', { class: 'line' }, monthSlider, play)) : null,
    h('div', { class: 'buttons', role: 'group', 'aria-label': t('Zoom') }, button('+', () => map.zoomBy(1.4), { 'aria-label': t('Zoom in') }), button('−', () => map.zoomBy(1 / 1.4), { 'aria-label': t('Zoom out') }), button(t('Fit'), () => map.home())));
  const title = t('The network');
  const section = figure({ name: 'map', table: 'edges', title, results: [network, places, centrality, response].filter(Boolean), controls,
    text: total > TIES_MAX ? t('%s ties are too many to tell apart. The %s strongest are shown (weight from %s); the slider shows more.', number(total), number(5000), number(offered)) : '',
    canvas: { element: h('div', null, keyPlace, map.element, count), svg: map.svg }, twin: twinPlace });
  if (times) section.querySelector('figure').before(alert(t('Median days, requests and overdue are missing: %s', times), 'warning'));
  section.querySelector('figure').after(panel);
  twin();
  map.show({ least });
  counted();
  choose_(ego);
  if (ego) map.find(ego);
  if (began) toMonth(began);
  return section;
}

export function map() {
  return { title: t('Map'), lead: t('Near is tied; up, down, left and right mean nothing. Actors stay in place from period to period.'), parts: [waiting(whole)] };
}
