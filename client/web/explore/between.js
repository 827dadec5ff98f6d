// SPDX-License-Identifier: GPL-3.0-or-later
// The interactions behind a pair: what was reported between two actors or sectors, one by one, and the cases both were in.
import { button, date, h, number, t, term, tn } from './base.js';
import { encoded } from './address.js';
import { caseLink, stageCell } from './cases.js';
import { layerNames, result } from './api.js';
import { columnsOf, dataTable, figure, into, waiting } from './figure.js';

const STEP = 1000; // so many the analysis lists at once
export const sectorSide = (sector) => `sector:${sector}`;

const who = (r) => (r.one === r.other ? [r.one_names] : r.way === 'other_to_one' ? [r.other_names, r.one_names] : [r.one_names, r.other_names]).join(r.way === 'mutual' ? ' – ' : ' → ');

/** A place with them. `one` and `other` are sides as a specification writes them, `names` what they are called. */
export function interactionsBetween(one, other, names) {
  const title = t('Interactions: %s and %s', ...names);
  const make = (skip) => async (progress) => {
    const [made, layerOf] = await Promise.all([result('between', { more: `one=${encoded(one)} other=${encoded(other)}${skip ? ` skip=${skip}` : ''}`, progress }), layerNames()]);
    const typeOf = (layer, r) => (layer === r.kind ? layerOf(layer) : t('%s (%s)', layerOf(layer), term(r.kind)));
    const sums = made.tables.summary.rows[0], rows = made.tables.interactions.rows, cases = made.tables.cases.rows, next = skip + rows.length;
    const place = h('div'), go = (to) => button(t('Interactions %s to %s', number(to + 1), number(Math.min(to + STEP, sums.interactions))), () => into(place.closest('.part'), () => make(to)(() => {})));
    const text = sums.interactions ? tn('%s interaction, from %s to %s.', '%s interactions, from %s to %s.', sums.interactions, number(sums.interactions), date(sums.first), date(sums.last)) : t('There is none in this period.');
    const shared = sums.cases ? tn('Both were in %s case; in %s of them they had to do with each other.', 'Both were in %s cases; in %s of them they had to do with each other.', sums.cases, number(sums.cases), number(sums.cases_between)) : t('They were in no case together.');
    place.append(figure({ name: 'interactions', table: 'interactions', level: 4, title, results: [made], text: `${text} ${shared} ${rows.length < sums.interactions ? t('Shown: %s to %s.', number(skip + 1), number(next)) : ''}`,
      twin: h('div', null, rows.length ? dataTable(title, columnsOf(made.tables.interactions, [['date', t('Date'), date], ['layer', t('Type'), typeOf], ['way', t('Who'), (v, r) => who(r)], ['stage', t('Stage and level'), (v, r) => stageCell(v, r.resolved_level || r.level)], ['case', t('Case'), caseLink], ['reporters', t('Reported by')]]), rows) : null,
        skip ? go(skip - STEP) : null, next < sums.interactions ? go(next) : null,
        cases.length ? dataTable(t('Cases both were in'), columnsOf(made.tables.cases, [['case', t('Case'), caseLink], ['owner_name', t('Owner')], ['type', t('Kind'), term], ['between', t('Between them')], ['with_one', names[0]], ...(one === other ? [] : [['with_other', names[1]]])]), cases, { limit: 10 }) : null) }));
    return place;
  };
  return waiting(make(0));
}
