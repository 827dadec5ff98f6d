// SPDX-License-Identifier: GPL-3.0-or-later
// Makes the form better where scripts run: saves as typed, filters rosters, searches names while typing, warns before leaving.
// Everything here has a way without it.

const form = document.getElementById('page');
const summary = document.getElementById('problems');
if (summary) summary.focus();

// ------------------------------------------------------------------ saving as typed
const SAVE_AFTER_MS = 1500;
const RETRY_AFTER_MS = 10000;
const status = document.getElementById('saved');
let dirty = false;
let leaving = false;
let over = false;
let saving = null;
let timer = 0;

function say(words) {
  status.textContent = words;
}

async function send(body) {
  const response = await fetch(form.action, { method: 'POST', body, credentials: 'same-origin', redirect: 'error' });
  const answer = response.headers.get('Content-Type')?.startsWith('application/json') ? await response.json() : null;
  return { code: response.status, answer };
}

async function save() {
  if (leaving || over || !dirty) return;
  if (saving) {
    schedule(SAVE_AFTER_MS);
    return;
  }
  const body = new URLSearchParams(new FormData(form));
  body.set('go', 'autosave');
  dirty = false;
  saving = send(body);
  say(status.dataset.saving);
  try {
    const { code, answer } = await saving;
    if (code === 200 && answer) {
      form.elements.revision.value = answer.revision;
      if (!leaving) say(status.dataset.saved.replace('%s', new Date().toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' })));
    } else if (code === 409) {
      over = true; // the next button shows both
      dirty = true;
      say(status.dataset.conflict);
    } else if (code === 410) {
      over = true; // trying again would not help
      dirty = true;
      say(status.dataset.over);
    } else if (code === 403) {
      over = true; // nor here: the cookie is gone, or is of another visit
      dirty = true;
      say(status.dataset.stranger);
    } else {
      throw new Error(String(code));
    }
  } catch {
    dirty = true;
    say(status.dataset.failed);
    schedule(RETRY_AFTER_MS);
  } finally {
    saving = null;
  }
}

function schedule(after) {
  clearTimeout(timer);
  timer = setTimeout(save, after);
}

if (form && status) {
  const changed = (event) => {
    if (event.target.type === 'search' || event.target.closest('.filter')) return;
    dirty = true;
    schedule(SAVE_AFTER_MS);
  };
  form.addEventListener('input', changed);
  form.addEventListener('change', changed);
  // A save under way would raise the revision that is being sent: wait for it, then press the same button again.
  form.addEventListener('submit', (event) => {
    if (saving && event.submitter) {
      event.preventDefault();
      const button = event.submitter;
      saving.catch(() => {}).finally(() => setTimeout(() => form.requestSubmit(button), 0));
      return;
    }
    clearTimeout(timer);
    leaving = true;
  });
  window.addEventListener('pageshow', () => { leaving = false; });
  window.addEventListener('beforeunload', (event) => {
    if (dirty && !leaving) event.preventDefault();
  });
}

// ------------------------------------------------------------------ one card of a roster at a time
for (const none of document.querySelectorAll('.actor .none input')) {
  none.addEventListener('change', () => {
    const details = none.closest('.actor').querySelector('details');
    if (details && none.checked) details.open = false;
  });
}
// a link to a field inside a closed card opens it
function reveal() {
  const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  if (!target) return;
  for (let d = target.closest('details'); d; d = d.parentElement?.closest('details')) d.open = true;
  target.querySelector('details')?.setAttribute('open', '');
  target.scrollIntoView();
  const field = target.matches('input, select, textarea') ? target : target.querySelector('input:not([type=hidden]), select, textarea');
  field?.focus();
}
window.addEventListener('hashchange', reveal);
if (!summary) reveal();

for (const roster of document.querySelectorAll('.roster[data-filter]')) {
  const actors = [...roster.querySelectorAll('.actor')];
  const box = document.createElement('div');
  box.className = 'ds-field filter';
  const id = `filter-${roster.id}`;
  const label = Object.assign(document.createElement('label'), { className: 'ds-label', htmlFor: id, textContent: roster.dataset.filter });
  const input = Object.assign(document.createElement('input'), { className: 'ds-input', type: 'search', id, autocomplete: 'off' });
  const shown = Object.assign(document.createElement('p'), { className: 'help' });
  shown.setAttribute('role', 'status');
  input.addEventListener('keydown', (event) => { if (event.key === 'Enter') event.preventDefault(); });
  input.addEventListener('input', () => {
    const words = input.value.toLocaleLowerCase('nb').trim();
    let count = 0;
    for (const actor of actors) {
      actor.hidden = words !== '' && !actor.dataset.find.toLocaleLowerCase('nb').includes(words);
      count += actor.hidden ? 0 : 1;
    }
    let at = 0;
    shown.textContent = words === '' ? '' : roster.dataset.shown.replace(/%u/g, () => (at++ === 0 ? count : actors.length));
  });
  box.append(label, input, shown);
  roster.querySelector('.actors').before(box);
}

// ------------------------------------------------------------------ names while typing
const SEARCH_AFTER_MS = 250;
for (const input of document.querySelectorAll('input[data-names]')) {
  const results = document.getElementById(`found-${input.dataset.names}`);
  let wait = 0;
  let asked = 0;
  input.addEventListener('input', () => {
    clearTimeout(wait);
    wait = setTimeout(async () => {
      const mine = ++asked;
      if (input.value.trim().length < 2) {
        results.replaceChildren();
        return;
      }
      const query = new URLSearchParams({ item: input.dataset.names, q: input.value });
      try {
        const response = await fetch(`${form.getAttribute('action').replace(/[^/]*$/, '')}-/names?${query}`, { credentials: 'same-origin' });
        if (!response.ok || mine !== asked) return;
        const page = new DOMParser().parseFromString(await response.text(), 'text/html');
        results.replaceChildren(...page.body.children);
      } catch { /* the search button still works */ }
    }, SEARCH_AFTER_MS);
  });
}
