// SPDX-License-Identifier: GPL-3.0-or-later
// Elements, words, numbers and dates: what every view is made with.

export const VIEWS = ['overview', 'bottlenecks', 'gaps', 'map', 'matrix', 'actors', 'data', 'cases'];
export const LANGUAGES = { nb: 'Bokmål', nn: 'Nynorsk', en: 'English' };
export const language = { code: 'nb' };

// ------------------------------------------------------------------ words
function put(text, values) {
  let at = 0;
  return text.replace(/%s/g, () => String(values[at++]));
}
/** The words of `text` in the reader's language, with %s replaced in order. */
export const t = (text, ...values) => put(CATALOGUE[language.code]?.[text] ?? text, values);
/** The words for one or for many, whose %s is the count unless other values are given. All our languages tell one from any other number. */
export const tn = (one, many, count, ...values) => put((CATALOGUE[language.code]?.[one] ?? [one, many])[count === 1 ? 0 : 1], values.length ? values : [number(count)]);
/** Marks a text for translation where it stands in a table. */
export const N_ = (text) => text;

const TERMS = [N_('government conference'), N_('case officer'), N_('department head'), N_('permanent secretary'), N_('state secretary'), N_('minister'),
  N_('sender'), N_('addressee'), N_('copy'), N_('chair'), N_('participant'), N_('observer'), N_('declined'),
  N_('in time'), N_('late'), N_('answered'), N_('pending'), N_('overdue'), N_('ended'), N_('missing'), N_('short'), N_('undated'), N_('unknown'),
  N_('idea'), N_('early involvement'), N_('study'), N_('consultation'), N_('hearing'), N_('renewed consultation'), N_('rnote'), N_('preparatory council'),
  N_('council of state'), N_('storting'), N_('implementation'), N_('meeting'), N_('request'), N_('letter'), N_('objection'), N_('no remark'), N_('remark'),
  N_('support'), N_('conditional support'), N_('disagreement'), N_('awaiting'), N_('withdrawn'), N_('postponement demanded'), N_('new study demanded'),
  N_('blocked by silence'), N_('case withdrawn'), N_('ministry'), N_('department'), N_('agency'), N_('regional'), N_('municipality'), N_('committee'),
  N_('group'), N_('person'), N_('other'), N_('needed done'), N_('needed missing'), N_('needed unknown'), N_('done not needed'), N_('neither'), N_('yes'), N_('no'),
  N_('share'), N_('actors'), N_('steps'), N_('law'), N_('regulation'), N_('white paper'), N_('budget'), N_('strategy'),
  N_('draft'), N_('open'), N_('paused'), N_('closed'), N_('merger'), N_('incorporation'), N_('split'), N_('separation'), N_('reorganisation'), N_('new name')];
/** Levels of decision, the lowest first. */
export const LEVELS_UP = ['case_officer', 'department_head', 'permanent_secretary', 'state_secretary', 'minister', 'government_conference'];
/** An actor of the register in the reader's language. */
export const nameOf = (actor) => actor[`name_${language.code}`] || actor.name_nb || actor.key;
/** A word of the vocabulary, as results write it ("in_time"), in the reader's language. */
export function term(code) {
  if (!code) return '';
  const text = code.replaceAll('_', ' ');
  return TERMS.includes(text) ? t(text) : text;
}

// ------------------------------------------------------------------ numbers and dates
const locale = () => (language.code === 'en' ? 'en-GB' : 'nb-NO');
const formats = new Map();
function formatOf(digits, style) {
  const key = `${language.code}/${digits}/${style}`;
  if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(locale(), { maximumFractionDigits: digits, style, useGrouping: 'always' }));
  return formats.get(key);
}
export const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);
/** A number as people read it; missing is a dash, never 0. */
export function number(value, digits) {
  if (!isNumber(value)) return '–';
  const size = Math.abs(value);
  return formatOf(isNumber(digits) ? digits : Number.isInteger(value) || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3, 'decimal').format(value);
}
/** A number that a program printed ("-12345.5"), as people read it: po/numerals.h says what is grouped. */
export function printed(text) {
  const sign = Object.fromEntries(formatOf(1, 'decimal').formatToParts(-1234.5).map((part) => [part.type, part.value]));
  return text.replace(/^(-?)(\d+)(?:\.(?=\d))?/, (head, minus, whole) =>
    (minus && sign.minusSign) + whole.replace(/\B(?=(\d{3})+$)/g, sign.group) + (head.endsWith('.') ? sign.decimal : ''));
}
export function percent(value, digits) {
  if (!isNumber(value)) return '–';
  const close = (value > 0.99 && value < 1) || (value > 0 && value < 0.01); // 99.8 % is not all
  return formatOf(isNumber(digits) ? digits : close ? 1 : 0, 'percent').format(value);
}
/** "0.42 (0.31–0.55)", whichever way `show` writes a number; without an interval it says so. */
export function interval(value, low, high, show = number) {
  if (!isNumber(value)) return '–';
  return isNumber(low) && isNumber(high) ? t('%s (%s–%s)', show(value), show(low), show(high)) : t('%s (no interval)', show(value));
}
export function date(text) {
  if (!text) return '–';
  const [year, month, day] = text.slice(0, 10).split('-').map(Number);
  return new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(new Date(Date.UTC(year, month - 1, day)));
}
/** The same of a day there may not be: then nothing. */
export const dateIfAny = (text) => (text ? date(text) : '');
/** A day (a Date) without its year. */
export const dayMonth = (day) => new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(day);
export const dayOf = (text) => Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / 86400000;
export const textOf = (day) => new Date(day * 86400000).toISOString().slice(0, 10);

// ------------------------------------------------------------------ elements
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value' || name === 'checked' || name === 'selected') element[name] = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}
export const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
export const s = (tag, attributes, ...children) => fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);

export const heading = (text, level = 2) => h(`h${level}`, { class: 'ds-heading', 'data-size': level === 2 ? 'sm' : 'xs' }, text);
export const paragraph = (...content) => h('p', { class: 'ds-paragraph' }, ...content);
export function button(text, press, attributes = {}) {
  return h('button', { class: 'ds-button', 'data-variant': 'secondary', 'data-size': 'sm', type: 'button', onclick: press, ...attributes }, text);
}
let ids = 0;
export const nextId = (name) => `${name}-${++ids}`;
/** A labelled select; `options` is a list of [value, text]. */
export function select(label, options, value, change) {
  const id = nextId('select');
  return h('div', { class: 'ds-field' }, h('label', { class: 'ds-label', for: id }, label),
    h('select', { class: 'ds-input', id, onchange: (event) => change(event.target.value) },
      options.map(([option, text]) => h('option', { value: option, selected: option === value }, text))));
}
export function alert(text, color = 'info', role = null) {
  return h('div', { class: 'ds-alert', 'data-color': color, role }, paragraph(text));
}
/** Says something to whoever does not see the screen. */
export function announce(text) {
  const live = document.getElementById('live');
  if (live) live.textContent = text;
}

/** Settles when what stands in the page now has been painted; soon where nothing is, as in a tab behind others. */
export const painted = () => new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve)); setTimeout(resolve, 300); });

// ------------------------------------------------------------------ colours
// Okabe and Ito 2008, safe for colour blindness; every mark has a dark outline, a shape of its own, or words beside it.
export const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', '#7a5195', '#8c8c8c'];
export const INK = '#1e2b3c', FAINT = '#6a7380', LINE = '#d2d5d8', GOOD = '#0072b2', BAD = '#d55e00';
