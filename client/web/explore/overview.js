// SPDX-License-Identifier: GPL-3.0-or-later
// Overview: the questions, and what this period's numbers say to each, with uncertainty and what changed.
import { button, date, h, heading, interval, isNumber, number, painted, paragraph, percent, t, tn } from './base.js';
import { result } from './api.js';
import { addressTo, before, periodBefore, specification, state } from './address.js';
import { whisker } from './chart.js';
import { columnsOf, dataTable, figure, missing, openCard, told, waiting } from './figure.js';

const rowOf = (made, table) => made.tables[table]?.rows[0] ?? {};
const cell = (row, name) => [row[name], row[`${name}_low`], row[`${name}_high`]];

const interactionsOf = (count) => tn('%s interaction', '%s interactions', count);
const actorsOf = (count) => tn('%s actor', '%s actors', count);
const tiesOf = (count) => tn('%s tie', '%s ties', count);
const pairsOf = (count) => tn('%s pair', '%s pairs', count);
const casesOf = (count) => tn('%s case', '%s cases', count);

/** Family change against the period before: the same days as everywhere on this page. */
const compared = (progress) => { const period = periodBefore(); return result('change', { more: `earlier-from=${period.from} earlier-to=${period.to}`, progress }); };

/** What the same share was in the period before, and whether the difference is more than the intervals allow for. */
async function trend(family, shareOf, [now, low, high]) {
  const period = before();
  if (!period) return h('p', { class: 'trend' }, t('Nothing is reported of the period before, so there is no trend.'));
  const made = await result(family, { spec: specification('', period) }), [then, thenLow, thenHigh] = shareOf(made);
  const verdict = ![now, then].every(isNumber) ? '' : ![low, high, thenLow, thenHigh].every(isNumber) ? t('Without intervals nobody can tell whether that is a change.')
    : low > thenHigh ? t('Higher now: the intervals do not overlap.') : high < thenLow ? t('Lower now: the intervals do not overlap.') : t('The intervals overlap, so it may be chance.');
  return h('p', { class: 'trend' }, t('The period before, %s to %s: %s.', date(period.from), date(period.to), interval(then, thenLow, thenHigh, percent)), ' ', verdict);
}

/** The same of the contact across sectors: what family change says of its difference. */
async function trendAcross() {
  const period = before(), none = t('Nothing is reported of the period before, so there is no trend.');
  if (!period) return h('p', { class: 'trend' }, none);
  const made = await compared(), row = (made.tables.change?.rows ?? []).find((one) => one.measure === 'ei'), earlier = made.tables.periods?.rows[0] ?? {};
  if (!row || !isNumber(row.difference)) return h('p', { class: 'trend' }, none);
  const two = (value) => number(value, 2);
  const verdict = ![row.bootstrap_low, row.bootstrap_high].every(isNumber) ? t('Without intervals nobody can tell whether that is a change.')
    : row.bootstrap_low > 0 ? t('More across now: the interval of the difference is over 0.') : row.bootstrap_high < 0 ? t('Less across now: the interval of the difference is under 0.') : t('The interval of the difference holds 0, so it may be chance.');
  return h('p', { class: 'trend' }, t('The period before, %s to %s: E-I index %s; difference %s.', date(earlier.from), date(earlier.to), two(row.earlier), interval(row.difference, row.bootstrap_low, row.bootstrap_high, two)), ' ', verdict);
}

/** A question with its answer. family and shareOf(result): [value, low, high], drawn on a line from 0 to 1, now and in the period before. */
function answer({ question, words, family, shareOf, shareText, past: earlier, view, own, results }) {
  const share = shareOf ? shareOf(results[0]) : null, past = h('div', null, h('p', { class: 'past' }, t('Computing …')));
  painted().then(() => (share ? trend(family, shareOf, share) : earlier())).then((said) => past.replaceChildren(said), (problem) => past.replaceChildren(h('p', { class: 'trend' }, t('The period before: %s', told(problem)))));
  const place = h('div', { class: 'whisker' });
  if (share && isNumber(share[0])) place.append(whisker(260, { title: `${shareText}: ${interval(...share, percent)}`, value: share[0], low: share[1], high: share[2], show: percent }));
  return h('article', { class: 'finding' }, heading(question),
    words.filter(Boolean).map((text) => paragraph(text)),
    share ? h('p', { class: 'measure' }, h('span', null, shareText), h('strong', null, interval(...share, percent))) : null, place, past,
    h('p', { class: 'links' }, h('a', { class: 'ds-link', href: addressTo(view, own) }, t('Look closer')), ' ',
      button(t('About these numbers'), () => openCard(question, results), { 'aria-label': t('About these numbers: %s', question), 'data-variant': 'tertiary' })),
    missing(results));
}

async function used(progress) {
  const made = await result('graph', { progress }), row = rowOf(made, 'graph');
  return answer({ question: t('Are the mechanisms of coordination in use?'), view: 'map', results: [made],
    words: [`${tn('%s between %s makes %s.', '%s between %s make %s.', row.interactions, interactionsOf(row.interactions), actorsOf(row.actors), tiesOf(row.ties))} ${tn('%s actor has none.', '%s actors have none.', row.isolates)}`,
      row.dyads_unknown > 0 ? tn('Of %s, %s is unknown: nobody who would know has reported.', 'Of %s, %s are unknown: nobody who would know has reported.', row.dyads_unknown, pairsOf(row.dyads), number(row.dyads_unknown)) : ''],
    family: 'graph', shareOf: (one) => [rowOf(one, 'graph').density_known, null, null], shareText: t('Pairs with contact, of those known') });
}
async function consulted(progress) {
  const made = await result('duty', { progress }), row = rowOf(made, 'summary');
  return answer({ question: t('Are those consulted who must be?'), view: 'gaps', results: [made],
    words: [row.due > 0 ? tn('%s consultation was due in %s: missing %s, late %s, with too short a deadline %s.', '%s consultations were due in %s: missing %s, late %s, with too short a deadline %s.', row.due, number(row.due), casesOf(row.assessable), number(row.missing), number(row.late), number(row.short)) : t('No case in the period says what it touches, so no duty can be judged.'),
      row.unknown > 0 ? t('%s cannot be judged, because those who would know have not reported.', number(row.unknown)) : ''],
    family: 'duty', shareOf: (one) => cell(rowOf(one, 'summary'), 'fulfilled'), shareText: t('Duties fulfilled') });
}
async function early(progress) {
  const made = await result('righttime', { progress }), row = rowOf(made, 'all');
  return answer({ question: t('Are others involved at the right time?'), view: 'cases', results: [made],
    words: [isNumber(row.earliness) ? t('On average others come in when %s of the time from beginning to decision has passed.', interval(...cell(row, 'earliness'), percent)) : t('No case in the period has both a beginning and a decision, so earliness is not known.'),
      tn('Of %s involvement in cases with a consultation, %s came after it had begun.', 'Of %s involvements in cases with a consultation, %s came after it had begun.', row.placed, number(row.placed), number(row.late))],
    family: 'righttime', shareOf: (one) => cell(rowOf(one, 'all'), 'late_share'), shareText: t('Involved only after the consultation had begun') });
}
async function stuck(progress) {
  const [made, position] = await Promise.all([result('time', { progress }), result('bottlenecks')]);
  const row = rowOf(made, 'all');
  const slow = [...(made.tables.time?.rows ?? [])].filter((r) => isNumber(r.median_days) && r.answered >= 5).sort((a, b) => b.median_days - a.median_days)[0];
  const cuts = (position.tables.bottlenecks?.rows ?? []).filter((r) => r.articulation === 1);
  return answer({ question: t('Where does coordination get stuck?'), view: 'bottlenecks', results: [made, position],
    words: [t('Half of the requests are answered within %s days.', interval(row.median_days, row.median_days_low, row.median_days_high)),
      slow ? t('Slowest is %s with %s days; the difference may come from what it is asked about.', slow.name, interval(slow.median_days, slow.median_days_low, slow.median_days_high)) : '',
      cuts.length > 0 ? tn('%s actor holds parts of the network together alone.', '%s actors hold parts of the network together alone.', cuts.length) : t('No actor alone holds parts of the network together.')],
    family: 'time', shareOf: (one) => cell(rowOf(one, 'all'), 'unanswered_at_deadline'), shareText: t('Not answered at the deadline') });
}
async function across(progress) {
  const made = await result('gaps', { progress }), rows = made.tables.gaps?.rows ?? [], ei = rowOf(made, 'ei');
  const low = rows.filter((r) => r.within === 0 && isNumber(r.q_configuration) && r.q_configuration < 0.05 && r.ratio_configuration < 1).sort((a, b) => a.ratio_configuration - b.ratio_configuration);
  return answer({ question: t('Which sectors have less contact than their activity suggests?'), view: 'gaps', results: [made],
    words: [low.length > 0 ? tn('%s pair of sectors: %s and %s with %s of what activity suggests (q = %s).', '%s pairs of sectors, most of all %s and %s with %s of what activity suggests (q = %s).', low.length, number(low.length), low[0].sector_a, low[0].sector_b, percent(low[0].ratio_configuration), number(low[0].q_configuration, 3)) : t('None that can be told from chance.'),
      isNumber(ei.ei) ? t('E-I index %s, expected by chance %s: over 0 is more across than within sectors.', number(ei.ei, 2), interval(ei.ei_expected, ei.ei_expected - 1.96 * ei.ei_sd, ei.ei_expected + 1.96 * ei.ei_sd, (value) => number(value, 2))) : ''],
    past: trendAcross });
}
async function disputes(progress) {
  const made = await result('objections', { progress }), row = rowOf(made, 'all');
  return answer({ question: t('How is disagreement handled?'), view: 'cases', results: [made],
    words: [t('%s in the period. Lifted to a higher level: %s, of these as far as the government conference: %s.', tn('%s objection', '%s objections', row.objections), casesOf(row.escalated), number(row.to_conference)),
      t('Many objections say nothing about how well work is coordinated: they may mean that it works.')],
    family: 'objections', shareOf: (one) => cell(rowOf(one, 'all'), 'objection_rate'), shareText: t('Answers that object') });
}

export const MEASURES = () => ({ density: t('density'), transitivity: t('transitivity'), mean_distance: t('mean distance'), global_efficiency: t('efficiency'), centralization_degree: t('centralization of degree'), centralization_betweenness: t('centralization of betweenness'), centralization_closeness: t('centralization of closeness'), ties: t('ties'), weight: t('weight'), components: t('components'), isolates: t('actors without ties'), ei: t('E-I index'), reciprocity: t('reciprocity'), diameter: t('diameter'), largest_component: t('largest component'),
  reciprocity_dyadic: t('reciprocity of pairs'), reachable: t('pairs that reach each other'), actors: t('actors'), interactions: t('interactions'), interactions_unresolved: t('interactions with an unresolved name'), self_ties: t('ties to oneself, left out'), self_weight: t('weight of ties to oneself'),
  negative_ties: t('objections between pairs'), dyads: t('possible pairs'), dyads_unknown: t('pairs not known'), density_known: t('density among known pairs') });
async function changed(progress) {
  const made = await compared(progress), rows = made.tables.change?.rows ?? [], periods = made.tables.periods?.rows ?? [];
  const names = MEASURES(), earlier = periods[0] ?? {};
  const twin = dataTable(t('The network as a whole, then and now'), columnsOf(made.tables.change, [['measure', t('Measure'), (v) => names[v] ?? v.replaceAll('_', ' ')], ['earlier', t('Before')], ['later', t('Now')], ['difference', t('Difference')],
    ['bootstrap_low', t('95% from')], ['bootstrap_high', t('to')], ['p', 'p', (v) => number(v, 3)]]), earlier.interactions > 0 ? rows : [], { limit: 30 });
  return figure({ name: 'change', title: t('What changed since the period before'), results: [made], twin,
    text: earlier.interactions > 0 ? t('Compared with %s to %s, on the actors that are in both.', date(earlier.from), date(earlier.to)) : t('There is nothing reported of the period before (%s to %s), so nothing can be compared.', date(earlier.from), date(earlier.to)) });
}

export function overview() {
  return { title: t('Overview'), lead: t('What the interactions reported from %s up to %s say to the questions the mapping is made for.', date(state.from), date(state.to)),
    parts: [h('div', { class: 'findings' }, [used, consulted, early, stuck, across, disputes].map(waiting)), waiting(changed)] };
}
