// SPDX-License-Identifier: GPL-3.0-or-later
// Actors: the register through time, with what began and ended on the same day.
import { COLORS, date, dayOf, h, INK, language, number, s, t, term, tn } from './base.js';
import { list } from './api.js';
import { addressTo, remember, state } from './address.js';
import { timeline } from './chart.js';
import { dataTable, figure, waiting } from './figure.js';

const nameOf = (actor) => actor[`name_${language.code}`] || actor.name_nb || actor.key;

async function register() {
  const { entries, more } = await list('actors', 'actors', state.own.search ? { search: state.own.search } : {});
  const rows = entries.map((actor) => ({ ...actor, name: nameOf(actor) })).sort((a, b) => a.name.localeCompare(b.name, 'nb'));
  const byKey = Object.fromEntries(rows.map((actor) => [actor.key, actor]));
  const title = t('The register'), dated = rows.filter((actor) => actor.valid_from || actor.valid_to);
  const ends = dated.flatMap((actor) => [actor.valid_from, actor.valid_to]).filter(Boolean).map(dayOf);
  const from = Math.min(dayOf(state.from), ...ends), to = Math.max(dayOf(state.to), ...ends);
  // Whoever begins on the day another ends, and the other way round: mergers and splits as the dates tell them.
  const changes = [...new Set(dated.flatMap((actor) => [actor.valid_from, actor.valid_to]).filter(Boolean))].sort().map((day) => ({ day, ended: dated.filter((a) => a.valid_to === day), began: dated.filter((a) => a.valid_from === day) })).filter((change) => change.ended.length > 0);
  const shown = [...dated].sort((a, b) => (a.valid_to || '9999').localeCompare(b.valid_to || '9999') || (a.valid_from ?? '').localeCompare(b.valid_from ?? '')).slice(0, 60);
  const place = (next) => shown.indexOf(next);
  const drawn = shown.length === 0 ? null : (width) => timeline(width, { title: t('When actors existed'), from, to, rows: shown.map((actor) => ({ name: actor.name, marks: [actor] })), draw: (picture, actor, at, y, rowAt) => {
    const begin = at(actor.valid_from ? dayOf(actor.valid_from) : from), end = at(actor.valid_to ? dayOf(actor.valid_to) : to);
    const bar = s('rect', { x: begin, y: y - 6, width: Math.max(2, end - begin), height: 12, fill: COLORS[actor.valid_to ? 4 : 0], stroke: INK, 'stroke-width': 0.5 });
    bar.append(s('title', null, t('%s: from %s to %s', actor.name, date(actor.valid_from), actor.valid_to ? date(actor.valid_to) : t('still'))));
    picture.append(bar);
    for (const next of actor.valid_to ? changes.find((change) => change.day === actor.valid_to)?.began ?? [] : []) {
      if (place(next) >= 0) picture.append(s('path', { d: `M${end} ${y}V${rowAt(place(next))}`, stroke: COLORS[1], 'stroke-width': 1.5, fill: 'none' }));
    }
  } });
  const search = h('form', { class: 'controls', role: 'search', onsubmit: (event) => { event.preventDefault(); remember({ search: event.target.elements.search.value }); event.target.closest('.part').replaceWith(waiting(register)); } },
    h('div', { class: 'ds-field' }, h('label', { class: 'ds-label', for: 'search' }, t('Search in names')), h('input', { class: 'ds-input', type: 'search', id: 'search', name: 'search', value: state.own.search ?? '' })), h('button', { class: 'ds-button', 'data-variant': 'secondary', type: 'submit' }, t('Search')));
  return [figure({ name: 'register', title, results: [], controls: search, text: `${tn('%s actor.', '%s actors.', rows.length)} ${more ? t('The list goes on; search to see others.') : ''} ${drawn ? '' : t('None of them begins or ends: the register says nothing of reorganisations.')}`,
    draw: drawn, twin: dataTable(title, [{ key: 'name', title: t('Name'), show: (v, r) => h('a', { class: 'ds-link', href: addressTo('map', { ego: r.key }) }, v) }, { key: 'abbreviation', title: t('Abbreviation'), text: true }, { key: 'kind', title: t('Kind'), show: term, text: true }, { key: 'sector', title: t('Sector'), text: true },
      { key: 'parent', title: t('Under'), show: (v) => (v ? byKey[v]?.name ?? v : ''), text: true }, { key: 'valid_from', title: t('From'), show: (v) => (v ? date(v) : ''), text: true }, { key: 'valid_to', title: t('To'), show: (v) => (v ? date(v) : ''), text: true }, { key: 'orgnr', title: t('Number'), show: (v) => v ?? '', text: true }], rows) }),
  changes.length ? figure({ name: 'changes', title: t('Mergers and splits'), results: [], text: t('Who ended and who began on the same day.'), twin: dataTable(t('Mergers and splits'), [{ key: 'day', title: t('Day'), show: date, text: true }, { key: 'ended', title: t('Ended'), show: (v) => v.map((a) => a.name).join(', '), text: true }, { key: 'began', title: t('Began'), show: (v) => v.map((a) => a.name).join(', '), text: true }], changes) }) : null];
}

export function actors() {
  return { title: t('Actors'), lead: t('Who is in the register, from when to when.'), parts: [waiting(register)] };
}
