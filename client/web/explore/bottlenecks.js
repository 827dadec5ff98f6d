// SPDX-License-Identifier: GPL-3.0-or-later
// Bottlenecks: position against time, how replies come in, who answered last, what a removal would do.
import { h, isNumber, interval, number, percent, select, t, term } from './base.js';
import { result } from './api.js';
import { encoded, keysOf, keysText, remember, state } from './address.js';
import { bars, scatter, steps } from './chart.js';
import { MEASURES } from './overview.js';
import { columnsOf, dataTable, figure, into, waiting } from './figure.js';

const LINES_MAX = 4;

async function positions(progress) {
  const made = await result('bottlenecks', { progress }), table = made.tables.bottlenecks;
  const groups = [...new Set(table.rows.map((r) => r.sector || t('no sector')))].sort();
  const points = table.rows.filter((r) => isNumber(r.median_days) && isNumber(r.betweenness)).map((r) => ({ x: r.betweenness, y: r.median_days, low: r.median_days_low, high: r.median_days_high, size: r.requests,
    group: groups.indexOf(r.sector || t('no sector')), name: r.name, text: t('%s: betweenness %s, median days %s, requests %s', r.name, number(r.betweenness), interval(r.median_days, r.median_days_low, r.median_days_high), number(r.requests)) }));
  const title = t('Position against time');
  return figure({ name: 'position-time', title, results: [made],
    text: t('To the right: many shortest paths pass through. High up: answers take long; lines are 95% intervals, size is requests. %s of %s actors answered too little to have a median.', number(table.rows.length - points.length), number(table.rows.length)),
    draw: points.length ? (width) => scatter(width, { title, points, groups, xRoot: true, xTitle: t('betweenness (root scale)'), yTitle: t('median days to answer') }) : null,
    twin: dataTable(title, columnsOf(table, [['name', t('Actor')], ['sector', t('Sector')], ['betweenness', t('Betweenness')], ['articulation', t('Cut point'), (v) => (v === 1 ? t('yes') : t('no'))], ['requests', t('Requests')], ['pending', t('Pending')],
      ['median_days', t('Median days')], ['median_days_low', t('95% from')], ['median_days_high', t('to')], ['overdue', t('Overdue')]]), table.rows) });
}

async function curves(progress) {
  const made = await result('time', { progress }), table = made.tables.curves;
  const place = h('div');
  const named = [...made.tables.time.rows].filter((r) => r.requests > 0).sort((a, b) => b.requests - a.requests);
  const names = Object.fromEntries(named.map((r) => [r.actor, r.name]));
  let chosen = keysOf(state.own.curves).filter((key) => names[key]);
  if (chosen.length === 0) chosen = named.filter((r) => r.answered >= 10 && isNumber(r.median_days)).sort((a, b) => b.median_days - a.median_days).slice(0, 2).map((r) => r.actor);
  const title = t('How long requests wait');
  function show() {
    const lines = [{ of: 'all', key: '', name: t('everybody') }, ...chosen.map((key) => ({ of: 'actor', key, name: names[key] }))]
      .map((line) => ({ name: line.name, points: table.rows.filter((r) => r.of === line.of && (line.of === 'all' || r.key === line.key)).map((r) => ({ day: r.day, value: r.unanswered, low: r.unanswered_low, high: r.unanswered_high, at_risk: r.at_risk, name: line.name })) }));
    const until = Math.min(120, Math.max(10, ...lines.flatMap((line) => line.points.map((p) => p.day))));
    const box = (key) => h('div', { class: 'ds-field' }, h('input', { class: 'ds-input', type: 'checkbox', id: `curve-${key}`, checked: chosen.includes(key), disabled: !chosen.includes(key) && chosen.length >= LINES_MAX,
      onchange: (event) => { chosen = event.target.checked ? [...chosen, key] : chosen.filter((other) => other !== key); remember({ curves: keysText(chosen) }); show(); document.getElementById(`curve-${key}`)?.focus(); } }), h('label', { class: 'ds-label', 'data-weight': 'regular', for: `curve-${key}` }, names[key]));
    place.replaceChildren(figure({ name: 'survival', table: 'curves', title, results: [made],
      text: t('Share of requests not answered after so many days (Kaplan–Meier, waiting ones counted as such), with 95% bands.'),
      controls: h('details', { class: 'ds-details', open: place.querySelector('.choose')?.closest('details')?.open }, h('summary', null, t('Choose up to %s actors', LINES_MAX)), h('fieldset', { class: 'ds-fieldset choose' }, h('legend', { class: 'ds-sr-only' }, t('Actors')), named.slice(0, 60).map((r) => box(r.actor)))),
      draw: (width) => steps(width, { title, curves: lines, until, xTitle: t('days since received'), yTitle: t('not answered') }),
      twin: dataTable(title, [{ key: 'name', title: t('Of') }, { key: 'day', title: t('Day') }, { key: 'at_risk', title: t('Still waiting') }, { key: 'value', title: t('Not answered'), show: (v) => percent(v, 1) },
        { key: 'low', title: t('95% from'), show: (v) => percent(v, 1) }, { key: 'high', title: t('to'), show: (v) => percent(v, 1) }], lines.flatMap((line) => line.points)) }));
  }
  show();
  return place;
}

async function last(progress) {
  const made = await result('time', { progress }), title = t('Who answers last');
  const rows = made.tables.time.rows.filter((r) => r.complete_requests > 0).sort((a, b) => b.last_share - a.last_share);
  return figure({ name: 'last', title, results: [made], text: t('Share of the requests answered in full by several actors in which this one came last; with few requests the share says little.'),
    draw: rows.length ? (width) => bars(width, { title, xTitle: t('share'), xShow: percent, rows: rows.slice(0, 15).map((r) => ({ name: r.name, value: r.last_share, text: t('%s: last in %s of %s', r.name, number(r.last), number(r.complete_requests)) })) }) : null,
    twin: dataTable(title, columnsOf(made.tables.time, [['name', t('Actor')], ['complete_requests', t('Requests')], ['last', t('Last')], ['last_share', t('Share'), percent], ['marginal_delay_mean', t('Days it added, mean')], ['waiting_share_only', t('Days only it was awaited'), (v) => percent(v, 1)], ['overdue', t('Overdue')]]), rows) });
}

async function removal(progress) {
  const base = await result('bottlenecks', { progress });
  const options = [...base.tables.bottlenecks.rows].sort((a, b) => b.betweenness - a.betweenness).map((r) => [r.actor, r.name]);
  const place = h('div', { class: 'part' }), wanted = state.own.remove ?? '';
  const show = (key) => (key === '' ? place.replaceChildren() : into(place, async () => {
    place.replaceChildren(h('p', { class: 'wait' }, t('Computing …')));
    const made = await result('whatif', { more: `remove=${encoded(key)}` }), table = made.tables.whatif, name = options.find(([k]) => k === key)?.[1] ?? key;
    const measures = MEASURES();
    return figure({ name: 'removal', title: t('Without %s', name), results: [made], text: t('The network as reported, with this actor and its ties taken out. People would find other ways: this is what would have to be replaced, not a forecast.'),
      twin: dataTable(t('Before and after'), columnsOf(table, table.columns.map((c) => [c.name, { measure: t('Measure'), unit: t('Unit'), before: t('Before'), after: t('After'), change: t('Difference') }[c.name] ?? c.name, c.name === 'measure' ? (v) => measures[v] ?? v.replaceAll('_', ' ') : c.name === 'unit' ? term : undefined])), table.rows, { limit: 40 }) });
  }));
  show(wanted);
  return h('section', { class: 'figure' }, h('h2', { class: 'ds-heading', 'data-size': 'sm' }, t('What if one were gone?')),
    select(t('Actor to take out'), [['', t('Nobody')], ...options], wanted, (key) => { remember({ remove: key }); show(key); }), place);
}

export function bottlenecks() {
  return { title: t('Bottlenecks'), lead: t('Central and fast is not central and slow: position and time are shown side by side.'), parts: [positions, curves, last, removal].map(waiting) };
}
