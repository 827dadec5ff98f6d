// SPDX-License-Identifier: GPL-3.0-or-later
// Matrix: actors by actors or sectors by sectors; observed, needed, and the difference.
import { BAD, GOOD, h, number, select, t, term } from './base.js';
import { result } from './api.js';
import { remember, state } from './address.js';
import { cellsOf, shade } from './chart.js';
import { dataTable, figure, waiting } from './figure.js';

const ACTORS_MAX = 120; // more cannot be read, and would be 14,400 cells

const METRICS = () => ({ strength: t('Strength'), degree: t('Degree'), betweenness: t('Betweenness'), closeness: t('Closeness'), eigenvector: t('Eigenvector') });

function ordered(nodes, order, centrality, communities) {
  const metric = METRICS()[order] ? order : 'strength', value = Object.fromEntries(centrality.tables.centrality.rows.map((r) => [r.actor, r[metric] ?? 0]));
  const groupTable = Object.values(communities?.tables ?? {}).find((table) => table.columns.some((c) => c.name === 'community') && table.columns.some((c) => c.name === 'actor'));
  const community = Object.fromEntries((groupTable?.rows ?? []).map((r) => [r.actor, r.community]));
  const group = (r) => (order === 'sector' ? r.sector || '~' : order === 'community' ? String(community[r.actor] ?? '~').padStart(6, '0') : '');
  const sorted = [...nodes].sort((a, b) => group(a).localeCompare(group(b)) || (order === 'name' ? a.name.localeCompare(b.name, 'nb') : value[b.actor] - value[a.actor]));
  return { sorted, bands: sorted.flatMap((r, i) => (i > 0 && group(r) !== group(sorted[i - 1]) ? [i] : [])) };
}

async function cells(progress) {
  const of = state.own.of === 'sectors' ? 'sectors' : 'actors', what = ['observed', 'needed', 'difference'].includes(state.own.show) ? state.own.show : 'observed';
  const order = state.own.order in { sector: 1, community: 1, name: 1, ...METRICS() } ? state.own.order : 'sector';
  const place = h('div');
  const again = (change) => { remember(change); place.replaceWith(waiting(cells)); };
  const controls = h('div', { class: 'controls' },
    select(t('Rows and columns'), [['actors', t('Actors')], ['sectors', t('Sectors')]], of, (value) => again({ of: value })),
    select(t('Cells'), [['observed', t('Observed contact')], ['needed', t('Needed contact')], ['difference', t('Needed against observed')]], what, (value) => again({ show: value })),
    of === 'actors' ? select(t('Order'), [['sector', t('Sector')], ['community', t('Community')], ['name', t('Name')], ...Object.entries(METRICS())], order, (value) => again({ order: value })) : null);
  const [network, need] = await Promise.all([of === 'actors' ? result('network', { progress }) : result('gaps', { progress }), what === 'observed' ? null : result('need')]);
  let names, keys, bands = [], cut = 0, silent = new Set(); // who has not reported: without a tie two of them are unknown
  const value = new Map(), put = (a, b, more) => value.set(`${a}/${b}`, { ...value.get(`${a}/${b}`), ...more });
  const results = [network, need];
  if (of === 'actors') {
    const [centrality, communities, graph] = await Promise.all([result('centrality'), order === 'community' ? result('communities') : null, result('graph')]);
    results.push(centrality, communities);
    silent = graph.tables.graph.rows[0]?.dyads_unknown > 0 ? new Set(network.tables.nodes.rows.filter((r) => r.reported !== 1).map((r) => r.actor)) : silent;
    let { sorted } = ordered(network.tables.nodes.rows, 'strength', centrality, null);
    cut = Math.max(0, sorted.length - ACTORS_MAX);
    ({ sorted, bands } = ordered(sorted.slice(0, ACTORS_MAX), order, centrality, communities));
    keys = sorted.map((r) => r.actor);
    names = sorted.map((r) => r.name);
    for (const r of network.tables.edges.rows) { put(r.from, r.to, { weight: r.weight, state: r.state }); put(r.to, r.from, { weight: r.weight, state: r.state }); }
    for (const r of need?.tables.need.rows ?? []) { put(r.actor_a, r.actor_b, { requirement: r.requirement, list: r.list }); put(r.actor_b, r.actor_a, { requirement: r.requirement, list: r.list }); }
  } else {
    keys = names = [...new Set(network.tables.gaps.rows.flatMap((r) => [r.sector_a, r.sector_b]))].sort();
    for (const r of network.tables.gaps.rows) { put(r.sector_a, r.sector_b, { weight: r.observed }); put(r.sector_b, r.sector_a, { weight: r.observed }); }
    for (const r of need?.tables.sectors.rows ?? []) {
      const more = { requirement: r.requirement, list: r.needed_missing > 0 ? 'needed_missing' : r.needed > 0 ? 'needed_done' : '' };
      put(r.sector_a, r.sector_b, more);
      put(r.sector_b, r.sector_a, more);
    }
  }
  const most = (key) => Math.max(1e-9, ...[...value.values()].map((cell) => cell[key] ?? 0));
  const mostWeight = most('weight'), mostNeed = most('requirement');
  const title = { observed: t('Observed contact'), needed: t('Needed contact'), difference: t('Needed against observed') }[what];
  const show = (a, b) => {
    const cell = a === b && of === 'actors' ? null : value.get(`${keys[a]}/${keys[b]}`);
    if (a !== b && !(cell?.weight > 0) && silent.has(keys[a]) && silent.has(keys[b]) && what !== 'needed') return { fill: '#c9ced6', text: t('%s and %s: unknown', names[a], names[b]) };
    if (!cell) return null;
    const text = t('%s and %s: contact %s, needed %s', names[a], names[b], number(cell.weight ?? 0), number(cell.requirement ?? null));
    if (what === 'observed') return cell.weight > 0 ? { fill: shade(Math.sqrt(cell.weight / mostWeight)), text } : null;
    if (what === 'needed') return cell.requirement > 0 ? { fill: shade(Math.sqrt(cell.requirement / mostNeed)), text } : null;
    if (cell.list === 'needed_missing') return { fill: BAD, cross: true, text };
    if (cell.list === 'needed_done') return { fill: GOOD, text };
    return cell.list === 'needed_unknown' ? { fill: '#c9ced6', text } : cell.weight > 0 ? { fill: '#e3ebf3', text } : null;
  };
  const pairs = [];
  for (let a = 0; a < keys.length; a++) for (let b = of === 'actors' ? a + 1 : a; b < keys.length; b++) {
    const cell = value.get(`${keys[a]}/${keys[b]}`);
    if (cell) pairs.push({ one: names[a], other: names[b], weight: cell.weight ?? null, requirement: cell.requirement ?? null, list: cell.list ?? '', state: cell.state ?? '' });
  }
  const columns = [{ key: 'one', title: t('One') }, { key: 'other', title: t('Other') }, { key: 'weight', title: t('Contact') }, ...(of === 'actors' ? [{ key: 'state', title: t('State'), show: term }] : []),
    ...(need ? [{ key: 'requirement', title: t('Requirement') }, { key: 'list', title: t('List'), show: term }] : [])];
  place.append(figure({ name: 'matrix', table: of === 'actors' ? 'edges' : 'gaps', title, results: results.filter(Boolean), controls,
    text: `${{ observed: t('Darker is more contact (root scale); grey is unknown, empty is none.'), needed: t('Darker is more that is shared: goals, target groups, instruments.'), difference: t('Blue: needed and there. Orange with a cross: needed and missing. Grey: unknown. Pale: there without need.') }[what]}${cut > 0 ? ` ${t('The %s most active of %s actors; the files have all.', ACTORS_MAX, ACTORS_MAX + cut)}` : ''}`,
    draw: keys.length ? (width) => cellsOf(width, { title, names, bands, value: show }) : null,
    twin: dataTable(title, columns, pairs.sort((a, b) => (b.requirement ?? 0) - (a.requirement ?? 0) || (b.weight ?? 0) - (a.weight ?? 0))) }));
  return place;
}

export function matrix() {
  return { title: t('Matrix'), lead: t('Every pair at once: who has contact with whom, and who should have.'), parts: [waiting(cells)] };
}
