// SPDX-License-Identifier: GPL-3.0-or-later
// Gaps: needed and missing, duty to consult, pairs of sectors; each with the evidence behind it, down to the interactions.
import { BAD, date, h, heading, isNumber, interval, number, paragraph, percent, t, term, tn } from './base.js';
import { result } from './api.js';
import { addressTo, remember, state } from './address.js';
import { interactionsBetween, sectorSide } from './between.js';
import { bars, cellsOf, shade } from './chart.js';
import { columnsOf, dataTable, figure, into, waiting } from './figure.js';

/**
 * The evidence behind one row of a table: { place, shown, look(values, text) }. `keys` are what the address calls the row's values, make(...values)
 * gives what stands in the place, a heading of the third level first; look() is the button that shows it.
 */
function behind(keys, make) {
  const place = h('div', { class: 'evidence' });
  const show = (values) => into(place, () => make(...values));
  const look = (values, text) => h('button', { class: 'ds-link', type: 'button', onclick: async () => {
    remember(Object.fromEntries(keys.map((key, i) => [key, values[i]])));
    await show(values);
    place.querySelector('h3')?.setAttribute('tabindex', '-1');
    place.querySelector('h3')?.focus();
  } }, text);
  return { place, look, shown: state.own[keys[0]] ? show(keys.map((key) => state.own[key] ?? '')) : null };
}

async function needed(progress) {
  const made = await result('need', { progress }), table = made.tables.need, sums = made.tables.congruence?.rows[0] ?? {}, title = t('Needed and missing');
  const rows = table.rows.filter((r) => r.list.startsWith('needed_')), lacking = rows.filter((r) => r.list === 'needed_missing');
  const { place, look, shown } = behind(['a', 'b'], (a, b) => {
    const r = rows.find((one) => one.actor_a === a && one.actor_b === b);
    if (!r) return [];
    const grounds = [[t('Shared goals'), r.goals], [t('Shared target groups'), r.target_groups], [t('Shared instruments'), r.instruments]].filter(([, text]) => text);
    return [heading(t('%s and %s: what the need rests on', r.name_a, r.name_b), 3),
      h('dl', { class: 'grounds' }, grounds.map(([name, text]) => h('div', null, h('dt', null, name), h('dd', null, text)))),
      paragraph(r.list === 'needed_missing' ? t('Requirement %s. No contact was reported.', number(r.requirement)) : r.list === 'needed_unknown' ? t('Requirement %s. Neither has delivered, so whether there was contact is unknown.', number(r.requirement)) : t('Requirement %s; contact of weight %s, %s of what the activity of both suggests.', number(r.requirement), number(r.weight), percent(r.ratio_configuration))),
      interactionsBetween(a, b, [r.name_a, r.name_b])];
  });
  await shown;
  return [figure({ name: 'needed-missing', table: 'need', title, results: [made],
    text: `${tn('%s pair shares goals, target groups or instruments: with contact %s, without %s, unknown %s.', '%s pairs share goals, target groups or instruments: with contact %s, without %s, unknown %s.', sums.needed, number(sums.needed), number(sums.needed_done), number(sums.needed_missing), number(sums.needed_unknown))} ${t('Congruence %s; by chance %s.', interval(sums.congruence, sums.congruence_low, sums.congruence_high, percent), percent(sums.congruence_expected))} ${rows.length ? t('Choose a pair in the table to see what the need rests on, and its interactions.') : ''}`,
    draw: lacking.length ? (width) => bars(width, { title, xTitle: t('requirement'), rows: lacking.slice(0, 20).map((r) => ({ name: `${r.name_a} – ${r.name_b}`, value: r.requirement, group: 1 })) }) : null,
    twin: dataTable(title, columnsOf(table, [['name_a', t('Pair'), (v, r) => look([r.actor_a, r.actor_b], `${r.name_a} – ${r.name_b}`)], ['list', t('State'), term], ['requirement', t('Requirement')], ['weight', t('Weight')], ['goals', t('Rests on'), (v, r) => [r.goals, r.target_groups, r.instruments].filter(Boolean).join('; ')]]), rows) }), place];
}

async function duty(progress) {
  const made = await result('duty', { progress }), table = made.tables.duty, title = t('Duty to consult');
  const bad = (r) => (r.missing ?? 0) + (r.late ?? 0) + (r.short ?? 0);
  const rows = [...table.rows].sort((a, b) => bad(b) - bad(a) || b.due - a.due);
  const { place, look, shown } = behind(['owner', 'addressee'], (owner, addressee) => {
    const cases = made.tables.cases.rows.filter((r) => r.owner === owner && r.addressee === addressee), pair = rows.find((r) => r.owner === owner && r.addressee === addressee);
    if (!pair) return [];
    return [heading(t('%s had to consult %s', pair.owner_name, pair.addressee_name), 3), dataTable(t('Case by case'), columnsOf(made.tables.cases, [['case', t('Case'), (v) => h('a', { class: 'ds-link', href: addressTo('cases', { case: v }) }, v)], ['rule', t('Rule')], ['state', t('State'), term], ['asked_on', t('Asked'), date], ['days', t('Days given')]]),
      [...cases].sort((a, b) => (a.state === 'in_time') - (b.state === 'in_time'))), interactionsBetween(owner, addressee, [pair.owner_name, pair.addressee_name])];
  });
  await shown;
  return [figure({ name: 'duty', table: 'duty', title, results: [made], text: t('Who the rules in force demanded to be asked, and who was. Choose a pair to see its cases and its interactions.'),
    twin: dataTable(title, columnsOf(table, [['owner_name', t('Pair'), (v, r) => look([r.owner, r.addressee], `${r.owner_name} → ${r.addressee_name}`)], ['due', t('Due')], ['missing', t('Missing')], ['late', t('Late')], ['short', t('Too short')], ['in_time', t('In time')], ['unknown', t('Unknown')], ['fulfilled', t('Fulfilled'), (v, r) => interval(v, r.fulfilled_low, r.fulfilled_high, percent)]]), rows, { limit: 15 }) }), place];
}

async function sectors(progress) {
  const made = await result('gaps', { progress }), table = made.tables.gaps, title = t('Contact between sectors');
  const names = [...new Set(table.rows.flatMap((r) => [r.sector_a, r.sector_b]))].sort();
  const at = new Map(table.rows.map((r) => [`${r.sector_a}/${r.sector_b}`, r]));
  const most = Math.max(1, ...table.rows.map((r) => (isNumber(r.ratio_configuration) ? Math.min(2, r.ratio_configuration) : 0)));
  const { place, look, shown } = behind(['one', 'other'], async (a, b) => {
    const network = await result('network'), sector = Object.fromEntries(network.tables.nodes.rows.map((r) => [r.actor, r]));
    const between = network.tables.edges.rows.filter((r) => (sector[r.from]?.sector === a && sector[r.to]?.sector === b) || (sector[r.from]?.sector === b && sector[r.to]?.sector === a)).map((r) => ({ ...r, one: sector[r.from].name, other: sector[r.to].name }));
    const alone = (made.tables.single_links?.rows ?? []).filter((r) => (r.sector_a === a && r.sector_b === b) || (r.sector_a === b && r.sector_b === a));
    return [heading(t('%s and %s: the ties behind', a, b), 3), alone.length ? h('p', { class: 'ds-paragraph' }, t('All of it goes through %s.', alone.map((r) => r.name).join(', '))) : null,
      dataTable(t('Ties'), [{ key: 'one', title: t('One'), show: (v, r) => h('a', { class: 'ds-link', href: addressTo('map', { ego: r.from }) }, v) }, { key: 'other', title: t('Other') }, { key: 'count', title: t('Interactions') }, { key: 'weight', title: t('Weight') }, { key: 'state', title: t('State'), show: term }], between),
      names.includes(a) && names.includes(b) ? interactionsBetween(sectorSide(a), sectorSide(b), [a, b]) : null];
  });
  await shown;
  const rows = [...table.rows].sort((a, b) => (a.ratio_configuration ?? 9) - (b.ratio_configuration ?? 9));
  return [figure({ name: 'sectors', title, results: [made], text: t('Observed over what the activity of both suggests: light is less, dark is more. A cross: less than can be chance (q < 0.05). Choose a pair in the table to see its ties and its interactions.'),
    draw: names.length ? (width) => cellsOf(Math.min(width, 620), { title, names, value: (a, b) => {
      const r = at.get(`${names[a]}/${names[b]}`) ?? at.get(`${names[b]}/${names[a]}`);
      if (!r || !isNumber(r.ratio_configuration)) return null;
      const few = r.ratio_configuration < 1 && r.q_configuration < 0.05;
      return { fill: few ? BAD : shade(Math.min(2, r.ratio_configuration) / most), cross: few, text: t('%s and %s: %s of what is expected, q = %s', names[a], names[b], percent(r.ratio_configuration), number(r.q_configuration, 3)) };
    } }) : null,
    twin: dataTable(title, columnsOf(table, [['sector_a', t('Pair'), (v, r) => look([r.sector_a, r.sector_b], `${r.sector_a} – ${r.sector_b}`)], ['ties', t('Ties')], ['observed', t('Observed')], ['expected_configuration', t('Expected')], ['ratio_configuration', t('Observed / expected'), percent], ['p_configuration', 'p', (v) => number(v, 3)], ['q_configuration', 'q', (v) => number(v, 3)]]), rows, { limit: 30 }) }), place];
}

export function gaps() {
  return { title: t('Gaps'), lead: t('Contact that should be there and is not, with the evidence behind each.'), parts: [needed, duty, sectors].map(waiting) };
}
