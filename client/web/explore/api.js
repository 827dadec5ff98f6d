// SPDX-License-Identifier: GPL-3.0-or-later
// What the pages ask the daemon: results by family and specification, and lists. Nothing is computed here.
import { language, t } from './base.js';
import { specification } from './address.js';

export class Problem extends Error {
  constructor(code, title, detail) {
    super(detail || title);
    Object.assign(this, { code, title });
  }
}

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
  if (!response.ok) throw new Problem(response.status, answer?.title ?? t('The daemon answered %s.', response.status), answer?.detail);
  return { code: response.status, answer };
}

/** Waits for a job by its events; resolves with the address of its result. */
function follow(job, progress) {
  return new Promise((resolve, reject) => {
    const events = new EventSource(`/v1/jobs/${job}/events`);
    const end = (settle, value) => { events.close(); settle(value); };
    events.addEventListener('progress', (event) => progress?.(JSON.parse(event.data).permille));
    events.addEventListener('done', (event) => end(resolve, JSON.parse(event.data).result));
    events.addEventListener('failed', (event) => {
      const problem = JSON.parse(event.data);
      end(reject, new Problem(problem.status, problem.title, problem.detail));
    });
    events.onerror = () => { if (events.readyState === EventSource.CLOSED) end(reject, lost()); };
  });
}

/** Columns of one table as rows; numbers that are missing are null. */
function rowsOf(table) {
  const columns = (table.columns ?? []).map((column) => ({ ...column, values: column.is_text ? column.texts ?? [] : column.numbers ?? [] }));
  const count = Math.max(0, ...columns.map((column) => column.values.length));
  const rows = Array.from({ length: count }, (_, i) => Object.fromEntries(columns.map((column) => [column.name, column.values[i] ?? (column.is_text ? '' : null)])));
  return { name: table.name, columns, rows };
}

// ------------------------------------------------------------------ what the analysis says, in the reader's language
const catalogues = {};
function words(code) {
  catalogues[code] ??= fetch(document.querySelector(`meta[name=words-${code}]`).content).then((response) => response.json()).then((found) => {
    const formats = []; // "%zu actors ..." as what it matches, its values in order
    for (const [text, translated] of Object.entries(found)) {
      if (!/%[^% ]/.test(text)) continue;
      const pattern = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/%%/g, '%')
        .replace(/%(?:\d\\\$)?[-+#0-9.\\]*(?:ll|z|l|h)?([a-z])/g, (format, kind) => ({ d: '(-?\\d+)', u: '(\\d+)', s: '(.+?)' }[kind] ?? '(-?[\\d.]+(?:e[-+]\\d+)?)'));
      formats.push([new RegExp(`^${pattern}$`), translated, text.replace(/%\S*/g, '').length]);
    }
    formats.sort((one, other) => other[2] - one[2]); // what says most first: "%s, seed %llu" would take much for its own
    return (text) => {
      if (!text || found[text]) return found[text] || text;
      for (const [pattern, translated] of formats) {
        const values = pattern.exec(text);
        let at = 0;
        if (values) return translated.replace(/%%|%(?:(\d)\$)?[-+#0-9.]*(?:ll|z|l|h)?[a-z]/g, (format, place) => (format === '%%' ? '%' : values[place ? Number(place) : ++at]));
      }
      return text;
    };
  }).catch(() => (text) => text); // better in English than not at all
  return catalogues[code];
}
async function translate(answer) {
  if (language.code === 'en') return answer;
  const say = await words(language.code), card = answer.card ?? {};
  card.notes = card.notes?.map(say);
  card.entries = card.entries?.map((entry) => ({ key: say(entry.key), value: say(entry.value) }));
  for (const table of answer.tables ?? []) for (const column of table.columns ?? []) column.definition = say(column.definition);
  return answer;
}

const kept = new Map(); // the answers of this page's life, by address
export const addressOf = (family, spec, format, table) =>
  `/v1/results/${family}?${new URLSearchParams({ spec, lang: language.code, ...(format ? { format } : {}), ...(table && format === 'csv' ? { table } : {}) })}`;

/** The result of a family. { id, card, tables: { name: { columns, rows } }, family, spec } */
export async function result(family, { more = '', spec = specification(more), progress } = {}) {
  const address = addressOf(family, spec);
  if (kept.has(address)) return kept.get(address);
  if (language.code !== 'en') words(language.code); // meanwhile
  let { code, answer } = await get(address);
  if (code === 202) ({ answer } = await get(await follow(answer.job, progress)));
  await translate(answer);
  const made = { id: answer.id, card: answer.card ?? {}, family, spec, tables: Object.fromEntries((answer.tables ?? []).map((table) => [table.name, rowsOf(table)])) };
  kept.set(address, made);
  return made;
}

/** Everything of a list, page by page, at most `most` entries; what was left off is told by `more`. */
export async function list(name, field, parameters = {}, most = 5000) {
  const found = [];
  let cursor = '';
  do {
    const query = new URLSearchParams({ ...parameters, limit: 500, ...(cursor ? { cursor } : {}) });
    const { answer } = await get(`/v1/${name}?${query}`);
    found.push(...(answer[field] ?? []));
    cursor = answer.next ?? '';
  } while (cursor && found.length < most);
  return { entries: found, more: Boolean(cursor) };
}
export const one = async (name, parameters = {}) => (await get(`/v1/${name}?${new URLSearchParams(parameters)}`)).answer;
