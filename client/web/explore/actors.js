// SPDX-License-Identifier: GPL-3.0-or-later
// Actors: the register through time, with new names, the reorganisations that are recorded, and those its days only suggest.
import { COLORS, date, dayOf, FAINT, h, INK, nameOf, number, percent, s, t, term, tn } from './base.js';
import { list } from './api.js';
import { addressTo, remember, state } from './address.js';
import { fitted, timeline } from './chart.js';
import { dataTable, figure, waiting } from './figure.js';

const ROWS_MAX = 60;

/** When an actor took another name: { day, from, to }, the oldest first. Its record has only the days of its present name. */
function renamings(actor) {
  const all = [...actor.former, actor];
  return all.slice(1).map((next, i) => ({ day: next.valid_from, from: nameOf(all[i]), to: nameOf(next) })).filter((one) => one.day && one.from !== one.to);
}

/**
 * Events { day, change, before: [key], after: [[key, share]], source, recorded, names }: what is recorded, new names (`names` is the old and the new),
 * then days on which some ended and others began, with nothing recorded of them.
 */
function eventsOf(records, actors) {
  const events = records.map((one) => ({ day: one.date, change: one.change, before: one.before ?? [], source: one.source ?? '', recorded: true,
    after: (one.after ?? []).map((entry) => { const [, key, share] = /^(.*?)(?:=([^=]*))?$/.exec(entry); return [key, share === undefined ? 1 : Number(share)]; }) }));
  for (const day of new Set(actors.map((actor) => actor.valid_to).filter(Boolean))) {
    const told = events.filter((one) => one.day === day).flatMap((one) => [...one.before, ...one.after.map(([key]) => key)]);
    const ended = actors.filter((a) => a.valid_to === day && !told.includes(a.key)), began = actors.filter((a) => a.begun === day && !told.includes(a.key));
    if (ended.length && began.length) events.push({ day, change: '', before: ended.map((a) => a.key), after: began.map((a) => [a.key, null]), source: '', recorded: false });
  }
  for (const actor of actors)
    for (const one of renamings(actor)) events.push({ day: one.day, change: 'new_name', before: [actor.key], after: [[actor.key, 1]], source: actor.source ?? '', recorded: true, names: [one.from, one.to] });
  return events.sort((a, b) => b.day.localeCompare(a.day));
}

/** Those dated or changed, so that who became whom stand together: by the day of the first change, then by name. */
function standing(actors, events) {
  const rank = new Map();
  [...events].reverse().forEach((one, i) => { for (const key of [...one.before, ...one.after.map(([k]) => k)]) if (!rank.has(key)) rank.set(key, i); });
  return actors.filter((actor) => rank.has(actor.key) || actor.begun || actor.valid_to)
    .sort((a, b) => (rank.get(a.key) ?? 1e9) - (rank.get(b.key) ?? 1e9) || (a.valid_to || '9999').localeCompare(b.valid_to || '9999') || a.name.localeCompare(b.name, 'nb'));
}

function lives(width, shown, events, nameFor) {
  const ends = [...shown.flatMap((actor) => [actor.begun, actor.valid_to]), ...events.map((one) => one.day)].filter(Boolean).map(dayOf);
  const from = Math.min(dayOf(state.from), ...ends.map((day) => day - 180)), to = Math.max(dayOf(state.to), ...ends);
  const place = new Map(shown.map((actor, i) => [actor.key, i]));
  return timeline(width, { title: t('When actors existed'), from, to, rows: shown.map((actor) => ({ name: actor.name, marks: [actor] })), draw: (picture, actor, at, y) => {
    const begin = at(actor.begun ? dayOf(actor.begun) : from), end = at(actor.valid_to ? dayOf(actor.valid_to) : to);
    const bar = s('rect', { x: begin, y: y - 7, width: Math.max(2, end - begin), height: 14, fill: COLORS[actor.valid_to ? 4 : 0], stroke: INK, 'stroke-width': 0.5 });
    bar.append(s('title', null, t('%s: from %s to %s', actor.name, date(actor.begun), actor.valid_to ? date(actor.valid_to) : t('still'))));
    picture.append(bar);
    let left = begin;
    for (const one of renamings(actor)) { // a notch where the new name begins, the old one to its left as far as there is room
      const x = at(dayOf(one.day)), words = fitted(one.from, x - left - 8, 10.5);
      if (words) picture.append(s('text', { x: left + 4, y: y + 4, 'font-size': 10.5, fill: actor.valid_to ? INK : '#ffffff', 'pointer-events': 'none' }, words));
      const notch = s('path', { class: 'renamed', d: `M${x} ${y - 9}V${y + 9}`, stroke: '#ffffff', 'stroke-width': 4 });
      notch.append(s('title', null, `${date(one.day)}: ${one.from} → ${one.to}`));
      picture.append(notch, s('path', { d: `M${x - 4} ${y - 9}h8l-4 5zM${x - 4} ${y + 9}h8l-4 -5z`, fill: INK, 'pointer-events': 'none' }));
      left = x;
    }
  }, over: (picture, at, rowAt) => {
    for (const one of events) for (const before of one.before) for (const [after, share] of one.after) {
      const start = place.get(before), goal = place.get(after);
      if (before === after || start === undefined || goal === undefined) continue;
      const x = at(dayOf(one.day)), y1 = rowAt(start), y2 = rowAt(goal), way = y2 > y1 ? 1 : -1, tip = y2 - 7 * way;
      const arrow = s('path', { d: `M${x} ${y1}V${tip}M${x - 4} ${tip - 6 * way}L${x} ${tip}L${x + 4} ${tip - 6 * way}`, stroke: one.recorded ? COLORS[1] : FAINT, 'stroke-width': 2, 'stroke-dasharray': one.recorded ? null : '4 3', fill: 'none' });
      arrow.append(s('title', null, `${date(one.day)}: ${nameFor(before)} → ${nameFor(after)}${share !== null && share < 1 ? ` (${percent(share)})` : ''}${one.recorded ? '' : ` – ${t('not recorded, the days suggest it')}`}`));
      picture.append(arrow);
    }
  } });
}

async function register() {
  const search = state.own.search ?? '';
  const [{ entries, more, others }, found] = await Promise.all([list('actors', 'actors', { ended: 'true', ...(search ? { search } : {}) }, 'former'), list('reorganisations', 'reorganisations')]);
  const former = others.reduce((map, one) => map.set(one.key, [...(map.get(one.key) ?? []), one]), new Map());
  const rows = entries.map((actor) => ({ ...actor, name: nameOf(actor), former: former.get(actor.key) ?? [] })).map((actor) => ({ ...actor, begun: (actor.former[0] ?? actor).valid_from ?? '' })).sort((a, b) => a.name.localeCompare(b.name, 'nb'));
  const byKey = Object.fromEntries(rows.map((actor) => [actor.key, actor])), nameFor = (key) => byKey[key]?.name ?? key;
  const events = eventsOf(found.entries, rows).filter((one) => !search || [...one.before, ...one.after.map(([key]) => key)].some((key) => byKey[key]));
  const title = t('The register'), changed = standing(rows, events), shown = changed.slice(0, ROWS_MAX), renamed = events.filter((one) => one.names), joined = events.filter((one) => !one.names);
  const form = h('form', { class: 'controls', role: 'search', onsubmit: (event) => { event.preventDefault(); remember({ search: event.target.elements.search.value }); event.target.closest('.part').replaceWith(waiting(register)); } },
    h('div', { class: 'ds-field' }, h('label', { class: 'ds-label', for: 'search' }, t('Search in names')), h('input', { class: 'ds-input', type: 'search', id: 'search', name: 'search', value: search })), h('button', { class: 'ds-button', 'data-variant': 'secondary', type: 'submit' }, t('Search')));
  const inferred = events.some((one) => !one.recorded), named = (keys) => keys.map(nameFor).join(', ');
  const changes = dataTable(t('Mergers, splits, new names and other reorganisations'), [{ key: 'day', title: t('Day'), show: date, text: true }, { key: 'change', title: t('Kind'), show: (v, one) => (one.recorded ? term(v) : t('not recorded, the days suggest it')), text: true },
    { key: 'before', title: t('Before'), show: (v, one) => one.names?.[0] ?? named(v), text: true }, { key: 'after', title: t('After'), show: (v, one) => one.names?.[1] ?? v.map(([key, share]) => `${nameFor(key)}${share !== null && share < 1 ? ` (${percent(share)})` : ''}`).join(', '), text: true },
    { key: 'source', title: t('Source'), text: true }], events);
  return [figure({ name: 'register', title, results: [], list: `/v1/actors?${new URLSearchParams({ ended: 'true', limit: 1000, ...(search ? { search } : {}) })}`, controls: form,
    text: `${tn('%s actor, those that have ended included.', '%s actors, those that have ended included.', rows.length)} ${more ? t('The list goes on; search to see others.') : ''} ${shown.length ? t('Bars of those that began, ended or were reorganised: light blue has ended; orange arrows are recorded reorganisations.') : t('None of them begins or ends: the register says nothing of reorganisations.')} ${renamed.length ? t('A notch is a new name, the one before to its left.') : ''} ${changed.length > shown.length ? t('The first %s are drawn; the table has all.', number(shown.length)) : ''} ${inferred ? t('Grey dashed arrows: some ended on the day others began, and nothing is recorded.') : ''}`,
    draw: shown.length ? (width) => lives(width, shown, events, nameFor) : null,
    twin: dataTable(title, [{ key: 'name', title: t('Name'), show: (v, r) => h('a', { class: 'ds-link', href: addressTo('map', { ego: r.key }) }, v) }, { key: 'abbreviation', title: t('Abbreviation'), text: true }, { key: 'kind', title: t('Kind'), show: term, text: true }, { key: 'sector', title: t('Sector'), text: true },
      { key: 'parent', title: t('Under'), show: (v) => (v ? nameFor(v) : ''), text: true }, { key: 'former', title: t('Called before'), show: (v, r) => renamings(r).map((one) => one.from).reverse().join(', '), text: true }, { key: 'begun', title: t('From'), show: (v) => (v ? date(v) : ''), text: true }, { key: 'valid_to', title: t('To'), show: (v) => (v ? date(v) : ''), text: true }, { key: 'orgnr', title: t('Number'), show: (v) => v ?? '', text: true }], rows) }),
  figure({ name: 'reorganisations', title: t('Mergers, splits, new names and other reorganisations'), results: [], list: '/v1/reorganisations?limit=1000', text: `${joined.length ? tn('%s reorganisation, with what each of those before has become.', '%s reorganisations, with what each of those before has become.', joined.length) : t('None is recorded, and no actor ended on the day another began.')} ${renamed.length ? tn('%s new name.', '%s new names.', renamed.length) : ''}`, twin: changes })];
}

export function actors() {
  return { title: t('Actors'), lead: t('Who is in the register, from when to when.'), parts: [waiting(register)] };
}
