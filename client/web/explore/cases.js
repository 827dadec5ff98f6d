// SPDX-License-Identifier: GPL-3.0-or-later
// Cases: all of the period, and one of them in the order of time.
import { BAD, COLORS, date, dateIfAny, h, INK, LEVELS_UP, number, s, t, term, tn } from './base.js';
import { layerNames, result } from './api.js';
import { addressTo, encoded, state } from './address.js';
import { fitted, mark, timeline } from './chart.js';
import { columnsOf, dataTable, figure, waiting } from './figure.js';

/** A cell with a case's reference, which leads to its course, and its title below. */
export const caseLink = (ref, row) => (ref ? h('div', null, h('a', { class: 'ds-link', href: addressTo('cases', { case: ref }) }, ref), row.title ? h('span', { class: 'title' }, row.title) : null) : '');

/** A cell with a stage and, below it, the level of decision where that says more. */
export const stageCell = (stage, level) => [term(stage), level && level !== stage ? h('span', { class: 'title' }, term(level)) : null];

async function index(progress) {
  const made = await result('case', { progress }), table = made.tables.cases, title = t('Cases of the period');
  const rows = [...table.rows].sort((a, b) => b.interactions - a.interactions);
  const place = h('div');
  const show = (text) => {
    const words = text.toLocaleLowerCase('nb').trim();
    place.replaceChildren(dataTable(title, columnsOf(table, [['case', t('Case'), caseLink], ['owner_name', t('Owner and kind'), (v, r) => [v, r.type ? h('span', { class: 'title' }, term(r.type)) : null]], ['first', t('First and last'), (v, r) => [h('span', { class: 'day' }, `${date(v)} –`), ' ', h('span', { class: 'day' }, date(r.last))]], ['interactions', t('Interactions')], ['actors', t('Actors')], ['late', t('Late')], ['overdue', t('Overdue')], ['objections', t('Objections')], ['highest_level', t('Highest level'), term]]),
      words ? rows.filter((r) => `${r.case} ${r.title ?? ''} ${r.owner_name} ${term(r.type)}`.toLocaleLowerCase('nb').includes(words)) : rows));
  };
  show('');
  return figure({ name: 'cases', title, results: [made], text: tn('%s case. Choose it to see what happened when.', '%s cases. Choose one to see what happened when.', rows.length),
    controls: h('div', { class: 'controls' }, h('div', { class: 'ds-field' }, h('label', { class: 'ds-label', for: 'find' }, t('Find by reference, title, owner or kind')), h('input', { class: 'ds-input', type: 'search', id: 'find', oninput: (event) => show(event.target.value) }))), twin: place });
}

async function course(progress) {
  const ref = state.own.case;
  const [made, layerOf] = await Promise.all([result('case', { more: `case=${encoded(ref)}`, progress }), layerNames()]);
  const row = made.tables.cases.rows[0], events = made.tables.timeline?.rows ?? [], parts = made.tables.participants?.rows ?? [], title = t('Case %s', ref);
  if (!row) return figure({ name: 'case', title, results: [made], text: t('Nothing of this case is in the period.'), twin: dataTable(title, [], []) });
  const byEvent = Object.fromEntries(events.map((event) => [event.event, event]));
  const names = [...new Set(parts.map((part) => part.name || t('unknown name')))];
  const of = (name) => parts.filter((part) => (part.name || t('unknown name')) === name).map((part) => ({ ...part, at: byEvent[part.event] }));
  const dated = [...events].sort((a, b) => a.day - b.day), reached = dated.filter((event, i) => event.stage && dated.findIndex((one) => one.stage === event.stage) === i);
  const heights = dated.map((event) => Math.max(LEVELS_UP.indexOf(event.level), LEVELS_UP.indexOf(event.resolved_level)));
  const lifted = dated.filter((event, i) => heights[i] > Math.max(-1, ...heights.slice(0, i)));
  const above = (name, list, wordOf) => (list.length ? [{ name, marks: list.map((event, i) => ({ begins: event, next: list[i + 1], word: wordOf(event) })) }] : []);
  const marks = [...above(t('Stage'), reached, (event) => term(event.stage)), ...above(t('Highest level'), lifted, (event) => term(LEVELS_UP[heights[dated.indexOf(event)]])), ...names.map((name) => ({ name, marks: of(name) }))];
  const days = [...events.map((event) => event.day), ...parts.flatMap((part) => [part.deadline_day, part.replied_day])].filter((day) => day !== null);
  const draw = (svg, part, at, y, rightmost) => {
    if (part.begins) { // a stroke where it begins, its name as far as there is room
      const x = at(part.begins.day), word = fitted(part.word, (part.next ? at(part.next.day) : rightmost) - x - 9, 11.5);
      svg.append(s('path', { d: `M${x} ${y - 11}V${y + 11}`, stroke: COLORS[6], 'stroke-width': 2.5 }, s('title', null, `${date(part.begins.date)}: ${part.word}`)));
      if (word) svg.append(s('text', { x: x + 5, y: y + 4, 'font-size': 11.5 }, word));
      return;
    }
    const x = at(part.at.day), words = t('%s %s: %s (%s)', date(part.at.date), layerOf(part.at.layer), part.name, [term(part.role), term(part.standing), term(part.outcome)].filter(Boolean).join(', '));
    if (part.standing && (part.replied_day ?? part.deadline_day) !== null) {
      const end = at(part.replied_day ?? part.deadline_day), late = part.standing === 'late' || part.standing === 'overdue';
      svg.append(s('line', { x1: x, x2: end, y1: y, y2: y, stroke: late ? BAD : COLORS[0], 'stroke-width': late ? 4 : 2.5, 'stroke-dasharray': part.standing === 'pending' || part.standing === 'overdue' ? '4 3' : null }));
      if (part.deadline_day !== null) svg.append(s('path', { d: `M${at(part.deadline_day)} ${y - 9}V${y + 9}`, stroke: INK, 'stroke-width': 1.5 }));
      if (part.replied_day !== null) svg.append(mark(late ? 1 : 0, end, y, 4.5));
    }
    const objects = part.outcome === 'objection' || part.outcome === 'disagreement' || (part.at.kind === 'objection' && part.role === 'sender');
    const dot = objects ? mark(3, x, y, 6, { fill: BAD }) : mark({ meeting: 0, request: 7, letter: 4, objection: 3 }[part.at.kind] ?? 0, x, y, part.role === 'copy' || part.role === 'observer' ? 3 : 4.5, { fill: part.role === 'sender' || part.role === 'chair' ? INK : '#ffffff' });
    dot.append(s('title', null, words));
    svg.append(dot);
  };
  const facts = [[t('Title'), row.title], [t('Owner'), row.owner_name], [t('Kind'), term(row.type)], [t('Began'), date(row.started)], [t('Decided'), date(row.decided)], [t('Days'), number(row.days)], [t('Interactions'), number(row.interactions)], [t('Answers asked for'), number(row.requests)], [t('In time'), number(row.in_time)], [t('Late'), number(row.late)], [t('Overdue'), number(row.overdue)], [t('Objections'), number(row.objections)], [t('Highest level'), term(row.highest_level)]];
  return [h('p', null, h('a', { class: 'ds-link', href: addressTo('cases') }, t('All cases of the period'))),
    h('dl', { class: 'tiles' }, facts.filter(([, value]) => value && value !== '–').map(([name, value]) => h('div', { class: /\S{16}/.test(value) ? 'long' : null }, h('dt', null, name), h('dd', null, value)))),
    figure({ name: 'case', table: 'participants', title, results: [made],
      text: t('A filled mark sent or led, an open one took part. A line runs from a request to its answer, thick and orange when late, dashed when it is not there; a stroke is the deadline. Orange diamonds object. Above: the stages the case reached, and when it was lifted to a higher level.'),
      draw: names.length && days.length ? (width) => timeline(width, { title, rows: marks, from: Math.min(...days), to: Math.max(...days), draw }) : null,
      twin: dataTable(t('What happened when'), columnsOf(made.tables.participants, [['event', t('No.')], ['date', t('Date'), date], ['layer', t('Type'), layerOf], ['stage', t('Stage and level'), (v, r) => stageCell(v, r.level)], ['name', t('Actor and role'), (v, r) => [v, h('span', { class: 'title' }, term(r.role))]], ['deadline', t('Deadline'), dateIfAny], ['replied', t('Answered'), dateIfAny], ['standing', t('State and outcome'), (v, r) => [term(v), h('span', { class: 'title' }, term(r.outcome))]]]),
        parts.map((part) => ({ ...part, date: byEvent[part.event].date, layer: byEvent[part.event].layer, stage: byEvent[part.event].stage, level: byEvent[part.event].resolved_level || byEvent[part.event].level })), { limit: 60 }) })];
}

export function cases() {
  return { title: state.own.case ? t('Case %s', state.own.case) : t('Cases'), lead: state.own.case ? '' : t('What was asked, answered and objected to, case by case.'), parts: [waiting(state.own.case ? course : index)] };
}
