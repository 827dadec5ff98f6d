// SPDX-License-Identifier: GPL-3.0-or-later
// The address of a view says everything that is shown: period, layers, level, language and the view's own choices.
import { language, LANGUAGES, textOf, VIEWS, dayOf } from './base.js';

export const state = { view: 'overview', from: '', to: '', layers: [], level: 'ministry', own: {}, first: '', last: '' };
const LEVELS = ['actor', 'unit', 'agency', 'ministry', 'sector'];
const DATE = /^\d{4}-\d\d-\d\d$/;

/** Reads the browser's address. `status` tells the first and last day there is anything of. */
export function readAddress(status) {
  const query = new URLSearchParams(location.search);
  const view = location.pathname.split('/')[2] ?? '';
  const year = Number((status.last_day || new Date().toISOString()).slice(0, 4));
  state.view = VIEWS.includes(view) ? view : 'overview';
  state.first = status.first_day ?? '';
  state.last = status.last_day ?? '';
  state.from = DATE.test(query.get('from')) ? query.get('from') : `${year}-01-01`;
  state.to = DATE.test(query.get('to')) ? query.get('to') : `${year + 1}-01-01`;
  state.layers = (query.get('layer') ?? '').split(',').filter(Boolean);
  state.level = LEVELS.includes(query.get('level')) ? query.get('level') : 'actor';
  state.own = Object.fromEntries([...query].filter(([key]) => !['from', 'to', 'layer', 'level', 'lang'].includes(key)));
  if (LANGUAGES[query.get('lang')]) language.code = query.get('lang');
}

export function chosenLanguage() {
  const query = new URLSearchParams(location.search).get('lang');
  if (LANGUAGES[query]) return query;
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2).replace('no', 'nb')).find((tag) => LANGUAGES[tag]);
  return wanted ?? 'nb';
}

/** The address of a view with this period; `changes` are of the period, layers and so on, `own` of the view. */
export function addressTo(view, own = {}, changes = {}) {
  const now = { ...state, ...changes };
  const query = new URLSearchParams({ from: now.from, to: now.to });
  if (now.layers.length) query.set('layer', now.layers.join(','));
  if (now.level !== 'actor') query.set('level', now.level);
  query.set('lang', changes.lang ?? language.code);
  for (const [key, value] of Object.entries(own)) if (value !== '' && value !== null && value !== undefined) query.set(key, value);
  return `/explore/${view}?${query}`;
}

/** Keys as one value of an address, and back; a comma inside a key does not end it. */
export const keysText = (keys) => keys.map((key) => key.replace(/[,\\]/g, '\\$&')).join(',');
export const keysOf = (text) => ((text ?? '').match(/(?:[^,\\]|\\.)+/g) ?? []).map((key) => key.replace(/\\(.)/g, '$1'));
/** A value inside the text of a specification. */
export const encoded = (text) => text.replace(/[ %]/g, (c) => (c === ' ' ? '%20' : '%25'));

/** Notes a choice of the view in the address without leaving it. */
export function remember(own) {
  state.own = { ...state.own, ...own };
  history.replaceState(null, '', addressTo(state.view, state.own));
}

/** The text form of the network specification; `more` is put after it. */
export function specification(more = '', { from = state.from, to = state.to, layers = state.layers, level = state.level } = {}) {
  const parts = [`from=${from}`, `to=${to}`];
  if (layers.length) parts.push(`layer=${layers.join(',')}`);
  if (level !== 'actor') parts.push(`level=${level}`);
  if (more) parts.push(more);
  return parts.join(' ');
}

/** The period before this one, as long: as many months where it begins and ends with months. */
export function periodBefore() {
  const [from, to] = [state.from, state.to].map((day) => new Date(dayOf(day) * 86400000));
  const begins = new Date(from);
  if (from.getUTCDate() === 1 && to.getUTCDate() === 1) begins.setUTCMonth(from.getUTCMonth() - 12 * (to.getUTCFullYear() - from.getUTCFullYear()) - (to.getUTCMonth() - from.getUTCMonth()));
  else begins.setTime(from - (to - from));
  return { from: textOf(begins / 86400000), to: state.from };
}

/** The same; null: nothing is reported of it. */
export function before() {
  const period = periodBefore();
  return state.first && state.first < period.to && state.last >= period.from ? period : null;
}

/** The whole years there is anything of: their map holds actors in place in every period. */
export function anchor() {
  if (!state.first || !state.last) return '';
  const from = `${state.first.slice(0, 4)}-01-01`, to = `${Number(state.last.slice(0, 4)) + 1}-01-01`;
  return from === state.from && to === state.to ? '' : `anchor-from=${from} anchor-to=${to}`;
}

/** The period in at most 40 steps, [from, to) each: its months, quarters or years, or several years. */
export function spans() {
  const months = (dayOf(state.to) - dayOf(state.from)) / 30.4, each = [1, 3, 12, 60, 120].find((count) => months / count <= 40) ?? 1200, made = [];
  for (let from = state.from; from < state.to;) {
    const day = new Date(dayOf(from) * 86400000), month = day.getUTCMonth();
    const to = textOf(Date.UTC(day.getUTCFullYear(), month - (month % Math.min(each, 12)) + each, 1) / 86400000);
    made.push({ from, to: to < state.to ? to : state.to });
    from = to;
  }
  return made;
}
