// SPDX-License-Identifier: GPL-3.0-or-later
// Data: who has delivered what, names that wait, quarantine, waves and response rates.
import { date, h, language, nameOf, number, percent, t, term } from './base.js';
import { list, one, result } from './api.js';
import { dataTable, figure, columnsOf, waiting } from './figure.js';

async function held() {
  const status = await one('status');
  const tiles = [[t('interactions'), status.interactions], [t('further accounts of the same'), status.supplements], [t('withdrawn'), status.withdrawn], [t('in quarantine'), status.quarantined], [t('refused as classified, only counted'), status.refused_classified],
    [t('actors'), status.actors], [t('names that wait for an actor'), status.labels_waiting], [t('jobs waiting or running'), (status.jobs_waiting ?? 0) + (status.jobs_running ?? 0)]];
  return h('section', { class: 'figure' }, h('h2', { class: 'ds-heading', 'data-size': 'sm' }, t('What is held')), h('dl', { class: 'tiles' }, tiles.map(([name, value]) => h('div', null, h('dt', null, name), h('dd', null, number(value ?? 0))))),
    h('p', { class: 'ds-paragraph' }, status.first_day ? t('From %s to %s.', date(status.first_day), date(status.last_day)) : t('Nothing has been delivered yet.')));
}
async function delivered(progress) {
  const made = await result('network', { progress }), rows = made.tables.nodes.rows, told = rows.filter((r) => r.reported === 1), title = t('Who has delivered for this period');
  return figure({ name: 'delivered', title, results: [made], text: t('%s of %s actors. What only silent ones would know is unknown, not absent.', number(told.length), number(rows.length)),
    twin: dataTable(title, columnsOf(made.tables.nodes, [['name', t('Actor')], ['kind', t('Kind'), term], ['sector', t('Sector')], ['reported', t('Delivered'), (v) => (v === 1 ? t('yes') : t('no'))]]), [...rows].sort((a, b) => b.reported - a.reported || a.name.localeCompare(b.name, 'nb'))) });
}
async function waitingNames() {
  const [{ entries, more }, known] = await Promise.all([list('actors', 'waiting', { waiting: 'true' }), list('actors', 'actors')]), title = t('Names that wait for an actor');
  const names = Object.fromEntries(known.entries.map((actor) => [actor.key, nameOf(actor)]));
  return figure({ name: 'waiting', title, results: [], list: '/v1/actors?waiting=true&limit=1000', text: `${entries.length ? t('An operator decides what each stands for; then everything that used it counts.') : t('None: every name is known.')} ${more ? t('The list goes on.') : ''}`,
    twin: dataTable(title, [{ key: 'label', title: t('Name'), text: true }, { key: 'interactions', title: t('Interactions') }, { key: 'first_seen', title: t('First seen'), show: date, text: true }, { key: 'suggestions', title: t('Perhaps'), show: (v) => (v ?? []).map((key) => names[key] ?? key).join(', '), text: true }], entries.map((r) => ({ ...r, interactions: Number(r.interactions ?? 0) }))) });
}
async function waves() {
  const answer = await one('surveys'), title = t('Surveys'), words = (text) => text?.[language.code] || text?.nb || text?.en || '';
  const rows = (answer.waves ?? []).map((w) => ({ name: words(w.wave?.title) || w.wave?.key, key: w.wave?.key ?? '', state: w.wave?.state ?? '', invited: w.invited ?? 0, submitted: w.submitted ?? 0, withdrawn: w.withdrawn ?? 0, rate: w.invited ? (w.submitted ?? 0) / w.invited : null, opens: w.wave?.opens ?? '', closes: w.wave?.closes ?? '' }));
  return figure({ name: 'surveys', title, results: [], list: '/v1/surveys', text: rows.length ? t('Under 65% answered is weak, 80% is usually enough; cells with too few respondents are suppressed in every result.') : t('No survey has been planned.'),
    twin: dataTable(title, [{ key: 'name', title: t('Wave'), text: true }, { key: 'state', title: t('State'), show: term, text: true }, { key: 'invited', title: t('Invited') }, { key: 'submitted', title: t('Submitted') }, { key: 'rate', title: t('Answered'), show: percent }, { key: 'withdrawn', title: t('Withdrawn') }], rows) });
}

export function data() {
  return { title: t('Data'), lead: t('What everything else rests on, and what is missing from it.'), parts: [held, delivered, waitingNames, waves].map(waiting) };
}
