// SPDX-License-Identifier: GPL-3.0-or-later
// The frame of every page: heading, period and layers, languages, and which view stands in it.
import { alert, date, h, language, LANGUAGES, nextId, painted, paragraph, select, t, VIEWS } from './base.js';
import { labelOf, layersKnown, one, result, session } from './api.js';
import { addressTo, chosenLanguage, readAddress, state } from './address.js';
import { overview } from './overview.js';
import { bottlenecks } from './bottlenecks.js';
import { gaps } from './gaps.js';
import { map } from './map.js';
import { matrix } from './matrix.js';
import { actors } from './actors.js';
import { data } from './data.js';
import { cases } from './cases.js';
import { first, told } from './figure.js';

const made = { overview, bottlenecks, gaps, map, matrix, actors, data, cases };
const names = () => ({ overview: t('Overview'), bottlenecks: t('Bottlenecks'), gaps: t('Gaps'), map: t('Map'), matrix: t('Matrix'), actors: t('Actors'), data: t('Data'), cases: t('Cases') });

let layers = [];

function period() {
  const years = [], lastYear = Number((state.last || state.to).slice(0, 4)), firstYear = Number((state.first || state.from).slice(0, 4));
  for (let year = lastYear; year >= firstYear && years.length < 60; year--) years.push(String(year));
  const whole = state.from.endsWith('-01-01') && state.to === `${Number(state.from.slice(0, 4)) + 1}-01-01` ? state.from.slice(0, 4) : '';
  const go = (changes) => navigate(addressTo(state.view, state.own, changes));
  const from = nextId('from'), to = nextId('to');
  return h('form', { class: 'period', 'aria-label': t('Period and layers'), onsubmit: (event) => {
    event.preventDefault();
    const fields = event.target.elements, picked = [...event.target.querySelectorAll('input[name=layer]:checked')].map((box) => box.value);
    go({ from: fields.from.value, to: fields.to.value, layers: picked.length === layers.length ? [] : picked });
  } },
    select(t('Year'), [...(whole ? [] : [['', t('other')]]), ...years.map((year) => [year, year])], whole, (year) => year && go({ from: `${year}-01-01`, to: `${Number(year) + 1}-01-01` })),
    select(t('Level'), [['actor', t('as reported')], ['unit', t('department')], ['agency', t('agency')], ['ministry', t('ministry')]], state.level, (level) => go({ level })),
    h('details', { class: 'ds-details', open: false }, h('summary', null, t('Dates and layers: %s', state.layers.length ? t('%s of %s', state.layers.length, layers.length || '…') : t('all layers'))),
      h('div', null, h('div', { class: 'controls' },
        h('div', { class: 'ds-field' }, h('label', { class: 'ds-label', for: from }, t('From')), h('input', { class: 'ds-input', id: from, name: 'from', type: 'date', required: true, value: state.from })),
        h('div', { class: 'ds-field' }, h('label', { class: 'ds-label', for: to }, t('Up to, not included')), h('input', { class: 'ds-input', id: to, name: 'to', type: 'date', required: true, value: state.to }))),
        h('fieldset', { class: 'ds-fieldset choose' }, h('legend', { class: 'ds-label' }, t('Layers')), layers.map((layer) => {
          const id = nextId('layer');
          return h('div', { class: 'ds-field' }, h('input', { class: 'ds-input', type: 'checkbox', id, name: 'layer', value: layer.name, checked: state.layers.length === 0 || state.layers.includes(layer.name) }), h('label', { class: 'ds-label', 'data-weight': 'regular', for: id }, labelOf(layer)));
        })),
        h('button', { class: 'ds-button', 'data-size': 'sm', type: 'submit' }, t('Show')))));
}

const leave = () => h('form', { method: 'post', action: '/explore/logout', class: 'leave', hidden: !session.csrf }, h('input', { type: 'hidden', name: 'csrf', value: session.csrf ?? '' }), h('button', { class: 'ds-button', 'data-variant': 'tertiary', 'data-size': 'sm', type: 'submit' }, t('Log out')));

function frame(view) {
  document.documentElement.lang = language.code;
  document.title = `${view.title} – ${t('Coordination')}`;
  const words = names();
  const link = (name) => h('a', { class: 'ds-link', href: addressTo(name), 'aria-current': state.view === name ? 'page' : null }, words[name]);
  const top = h('header', { class: 'top' }, h('div', { class: 'width wide' }, h('p', { class: 'site' }, h('a', { href: addressTo('overview') }, t('Coordination between ministries'))),
    h('nav', { class: 'languages', 'aria-label': t('Language') }, h('ul', null, Object.entries(LANGUAGES).map(([code, name]) => h('li', null, h('a', { class: 'ds-link', lang: code, hreflang: code, href: addressTo(state.view, state.own, { lang: code }), 'aria-current': code === language.code ? 'true' : 'false' }, name))))),
    leave()),
  h('nav', { class: 'views width wide', 'aria-label': t('Views') }, h('ul', null, VIEWS.map((name) => h('li', null, link(name))))));
  const main = h('main', { id: 'main', class: 'width wide', tabindex: '-1' }, h('h1', { class: 'ds-heading', 'data-size': 'lg' }, view.title), view.lead ? h('p', { class: 'ds-paragraph lead' }, view.lead) : null,
    state.view === 'actors' ? null : period(), h('p', { class: 'print-only' }, t('Period: %s up to %s. Address: %s', date(state.from), date(state.to), location.href)), view.parts);
  document.body.replaceChildren(h('a', { class: 'ds-skip-link', href: '#main' }, t('Go to the content')), top, main,
    h('footer', { class: 'bottom' }, h('div', { class: 'width wide' }, paragraph(t('Every number has a card that says what it is, what it rests on and how it misleads.')))), h('div', { id: 'live', class: 'ds-sr-only', role: 'status' }));
}

let status = {};
function show(focus) {
  readAddress(status);
  try {
    first();
    frame(made[state.view]());
  } catch (problem) {
    frame({ title: names()[state.view], parts: [alert(told(problem), 'danger', 'alert')] });
  }
  if (focus) { document.getElementById('main').focus({ preventScroll: true }); scrollTo(0, 0); }
}
function navigate(address) {
  history.pushState(null, '', address);
  show(true);
}
addEventListener('popstate', () => show(true));
addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href^="/explore/"]');
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
  event.preventDefault();
  navigate(link.getAttribute('href'));
});

// What the first part of a view is drawn from: asked for before anything else, where the address says of which period.
const AHEAD = { overview: ['graph'], bottlenecks: ['bottlenecks'], gaps: ['need'], map: ['network', 'centrality', 'bottlenecks'], matrix: ['network', 'graph', 'centrality'], cases: ['case'] };
function ahead() {
  const query = new URLSearchParams(location.search), view = location.pathname.split('/')[2];
  if (!query.get('from') || !query.get('to') || query.get('case') || query.get('of') === 'sectors') return;
  readAddress({});
  for (const family of AHEAD[view] ?? []) result(family).catch(() => {});
}

/** What the first words do not need: the layers to choose from, and who is logged in. */
async function rest() {
  try {
    const [known, mine] = await Promise.all([layersKnown(), one('session')]);
    Object.assign(session, mine);
    layers = known;
    document.querySelector('form.period')?.replaceWith(period());
    document.querySelector('form.leave')?.replaceWith(leave());
  } catch (problem) {
    document.querySelector('h1')?.after(alert(told(problem), 'warning'));
  }
}

async function begin() {
  language.code = chosenLanguage();
  ahead();
  try {
    status = await one('status');
    show(false);
    painted().then(rest);
  } catch (problem) {
    document.documentElement.lang = language.code;
    document.body.replaceChildren(h('main', { id: 'main', class: 'width' }, h('h1', { class: 'ds-heading', 'data-size': 'lg' }, t('The pages cannot be shown now')), alert(told(problem), 'danger', 'alert')));
  }
}
begin();
