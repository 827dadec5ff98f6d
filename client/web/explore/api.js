// SPDX-License-Identifier: GPL-3.0-or-later
// What the pages ask the daemon: results by family and specification, and lists. Nothing is computed here.
import { language, N_, painted, printed, t } from './base.js';
import { specification } from './address.js';

/** What the daemon says of problems a reader can meet, for the catalogues. What is not here is said in English. */
export const SAID = [N_('malformed message'), N_('too large'), N_('not allowed for this role'), N_('invalid value'), N_('not found'), N_('conflict with what is stored'), N_('busy, try again later'),
  N_('database unavailable, try again later'), N_('deadline passed'), N_('cancelled'), N_('internal error'), N_('out of memory'), N_('to: the period ends where it begins, or before (to is not included)')];
export class Problem extends Error {
  constructor(code, title, detail, type = '') {
    super(t(detail || title));
    Object.assign(this, { code, title: t(title), isStopped: type.endsWith(':CANCELLED') });
  }
}
export const session = {}; // what the daemon says of this one

function logIn() {
  location.assign(`/explore/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  return new Promise(() => {}); // the page is on its way out
}

const LEAVING_MS = 1000;
const lost = () => new Problem(0, t('No connection to the service. Check your network, then load the page again.'));

async function get(address) {
  let response, answer;
  try {
    response = await fetch(address, { headers: { Accept: 'application/json' }, credentials: 'same-origin' });
    answer = /json/.test(response.headers.get('Content-Type') ?? '') ? await response.json() : null;
  } catch {
    // A page that is being left loses its requests, too, and should not end with an alarm: only who is still here is told.
    await new Promise((resolve) => { setTimeout(resolve, LEAVING_MS); });
    throw lost();
  }
  if (response.status === 401) return logIn();
  if (!response.ok) throw new Problem(response.status, answer?.title ?? t('The daemon answered %s.', response.status), answer?.detail, answer?.type);
  return { code: response.status, answer };
}

/** Waits for a job by its events; resolves with the address of its result. */
function follow(job, progress) {
  return new Promise((resolve, reject) => {
    const events = new EventSource(`/v1/jobs/${job}/events`);
    const end = (settle, value) => { events.close(); settle(value); };
    events.addEventListener('progress', (event) => progress?.(JSON.parse(event.data).permille, job));
    events.addEventListener('done', (event) => end(resolve, JSON.parse(event.data).result));
    events.addEventListener('failed', (event) => {
      const problem = JSON.parse(event.data);
      end(reject, new Problem(problem.status, problem.title, problem.detail, problem.type));
    });
    events.onerror = () => { if (events.readyState === EventSource.CLOSED) end(reject, lost()); };
  });
}

/** Says that a job is no longer wanted; it ends when nobody else wants it either. */
export const stop = (job) => fetch(`/v1/jobs/${job}`, { method: 'DELETE', headers: { 'X-CSRF-Token': session.csrf ?? '' }, credentials: 'same-origin' }).catch(() => {});

// ------------------------------------------------------------------ what actors are called
const NAMES = /^name$|^name_|_names?$|^reporters$/; // columns of a name or of several, which results have in bokmål
const asItIs = (text) => text;
const callings = {};
/** Gives for names as results have them those of the register in the reader's language, where it has any. */
function calling() {
  const { code } = language;
  if (code === 'nb') return asItIs;
  callings[code] ??= list('actors', 'actors').then(({ entries }) => {
    const names = new Map(entries.map((actor) => [actor.name_nb, actor[`name_${code}`] || actor.name_nb]));
    const each = new RegExp([...names.keys()].filter(Boolean).sort((a, b) => b.length - a.length).map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
    return (text) => names.get(text) ?? text.replace(each, (name) => names.get(name) ?? name);
  }).catch(() => { delete callings[code]; return asItIs; }); // better in bokmål than not at all
  return callings[code];
}

/** Columns of one table as rows; numbers that are missing are null. */
function rowsOf(table, call) {
  const columns = (table.columns ?? []).map((column) => ({ ...column, values: !column.is_text ? column.numbers ?? [] : NAMES.test(column.name) ? (column.texts ?? []).map(call) : column.texts ?? [] }));
  const count = Math.max(0, ...columns.map((column) => column.values.length));
  const rows = Array.from({ length: count }, (_, i) => Object.fromEntries(columns.map((column) => [column.name, column.values[i] ?? (column.is_text ? '' : null)])));
  return { name: table.name, columns, rows };
}

// ------------------------------------------------------------------ what the analysis says, in the reader's language
const catalogues = {}, LITERALS_MIN = 5; // letters and signs of its own below which a format fits too many texts
function words(code) {
  catalogues[code] ??= painted().then(() => fetch(document.querySelector(`meta[name=words-${code}]`).content)).then((response) => response.json()).then((found) => {
    const formats = []; // "%zu actors ..." as what it matches, its values in order
    for (const [text, translated] of Object.entries(found)) {
      if (text.includes('%%')) found[text.replaceAll('%%', '%')] = translated.replaceAll('%%', '%'); // as it is said when nothing else is put in
      if (!/%[^% ]/.test(text)) continue;
      const shows = []; // how each value is read: names, seeds and what one types (%-zu) as they are
      const pattern = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/%%/g, '%')
        .replace(/%(?:\d\\\$)?([-+#0-9.\\]*)(?:ll|z|l|h)?([a-z])/g, (format, flags, kind) => {
          shows.push(kind === 's' || flags.includes('-') ? String : printed);
          return { d: '(-?\\d+)', u: '(\\d+)', s: '(.+?)' }[kind] ?? '(-?[\\d.]+(?:e[-+]\\d+)?)';
        });
      const literals = text.replace(/%\S*/g, '').length;
      if (literals >= LITERALS_MIN) formats.push([new RegExp(`^${pattern}$`), translated, literals, shows]);
    }
    formats.sort((one, other) => other[2] - one[2]); // what says most first: "%s, seed %llu" would take much for its own
    return (text) => {
      if (!text || found[text]) return found[text] || text;
      for (const [pattern, translated, , shows] of formats) {
        const values = pattern.exec(text)?.slice(1).map((value, i) => shows[i](value));
        let at = 0;
        if (values) return translated.replace(/%%|%(?:(\d)\$)?[-+#0-9.]*(?:ll|z|l|h)?[a-z]/g, (format, place) => (format === '%%' ? '%' : values[place ? Number(place) - 1 : at++]));
      }
      return text;
    };
  }).catch(() => (text) => text); // better in English than not at all
  return catalogues[code];
}
/** Gives `put` what the analysis says, in the reader's language, when the catalogue is there: numbers and drawings do not wait for it. */
export function spoken(text, put) {
  if (!text || (language.code === 'en' && !/\d{4}/.test(text))) put(text ?? ''); // in English only long numbers are written otherwise
  else words(language.code).then((say) => put(say(text)));
}

export const addressOf = (family, spec, format, table) =>
  `/v1/results/${family}?${new URLSearchParams({ spec, lang: language.code, ...(format ? { format } : {}), ...(table && format === 'csv' ? { table } : {}) })}`;

async function computed(address, family, spec, progress) {
  const called = calling();
  let { code, answer } = await get(address);
  if (code === 202) {
    progress(answer.permille ?? 0, answer.job);
    ({ answer } = await get(await follow(answer.job, progress)));
  }
  const call = await called;
  return { id: answer.id, card: answer.card ?? {}, family, spec, tables: Object.fromEntries((answer.tables ?? []).map((table) => [table.name, rowsOf(table, call)])) };
}
const asked = new Map(); // what this page has asked for in its life, by address: each once, however many parts need it
/** The result of a family. { id, card, tables: { name: { columns, rows } }, family, spec }; progress(permille, job) while it is computed */
export function result(family, { more = '', spec = specification(more), progress } = {}) {
  const address = addressOf(family, spec);
  if (!asked.has(address)) {
    const one = { told: null, listeners: [] };
    one.made = computed(address, family, spec, (...what) => { one.told = what; for (const listener of one.listeners) listener(...what); });
    one.made.catch(() => asked.delete(address)); // next time it may be there
    asked.set(address, one);
  }
  const one = asked.get(address);
  if (progress) {
    one.listeners.push(progress);
    if (one.told) progress(...one.told);
  }
  return one.made;
}

const LIST_MOST = 5000;
/** Everything of a list, page by page, at most LIST_MOST entries; what was left off is told by `more`. `beside`: another list of the answers. */
export async function list(name, field, parameters = {}, beside = '') {
  const found = [], others = [];
  let cursor = '';
  do {
    const query = new URLSearchParams({ ...parameters, limit: 500, ...(cursor ? { cursor } : {}) });
    const { answer } = await get(`/v1/${name}?${query}`);
    found.push(...(answer[field] ?? []));
    others.push(...(answer[beside] ?? []));
    cursor = answer.next ?? '';
  } while (cursor && found.length < LIST_MOST);
  return { entries: found, more: Boolean(cursor), others };
}
export const one = async (name, parameters = {}) => (await get(`/v1/${name}?${new URLSearchParams(parameters)}`)).answer;
let known = null;
/** The types of interaction there are, as the register has them; asked for once. */
export async function layersKnown() {
  known ??= one('layers').then((answer) => answer.layers ?? [], (problem) => { known = null; throw problem; });
  return known;
}
export const labelOf = (layer) => layer[`label_${language.code}`] || layer.name;
/** What a type of interaction is called, by its name in results; when that cannot be known, its name. */
export async function layerNames() {
  const labels = new Map((await layersKnown().catch(() => [])).map((layer) => [layer.name, labelOf(layer)]));
  return (name) => labels.get(name) ?? name;
}
