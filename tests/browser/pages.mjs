// SPDX-License-Identifier: GPL-3.0-or-later
// The pages below /explore in headless Chromium, against a running daemon with a sample year: node pages.mjs CONFIG.json [NAME...]. Called
// by test_pages.py. Prints a line for each scenario; exit code 1 when one failed.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch } from './browser.mjs';

const config = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const only = process.argv.slice(3);
const require = createRequire(join(config.modules, 'package.json'));
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const TIME = 40000 * (config.slowness ?? 1);
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];

const complaints = [];
function watch(context) {
  context.on('request', (request) => {
    if (!request.url().startsWith(config.base) && !/^(data|blob):/.test(request.url())) complaints.push(`request to ${request.url()}`);
  });
  context.on('page', (page) => {
    page.on('pageerror', (error) => complaints.push(`script error: ${error.message}`));
    page.on('console', (message) => { if (message.type() === 'error') complaints.push(`console: ${message.text()}`); });
  });
}

/** A view with everything in it computed. */
async function open(page, view, own = {}, lang = 'nb') {
  await page.goto(`${config.base}/explore/${view}?${new URLSearchParams({ from: '2025-01-01', to: '2026-01-01', lang, ...own })}`);
  await settled(page);
}
async function settled(page) {
  await page.waitForFunction(() => document.querySelector('.part') && !document.querySelector('[aria-busy=true], .wait'), null, { timeout: TIME });
}
async function clean(page, lang) {
  assert.equal(await page.locator('h1').count(), 1, page.url());
  assert.equal(await page.getAttribute('html', 'lang'), lang, page.url());
  assert.deepEqual(await page.locator('.ds-alert[data-color=danger]').allInnerTexts(), [], page.url());
  await page.evaluate(axe);
  const found = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }), WCAG);
  assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.html.slice(0, 200)} ${n.failureSummary}`).join(' | ')}`), [], page.url());
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${page.url()} scrolls sideways by ${wide}`);
}
/** On a desktop no table needs to be scrolled sideways, with all of them open. */
async function fits(page) {
  const wide = await page.evaluate(() => {
    for (const closed of document.querySelectorAll('.figure > details:not([open])')) closed.open = true;
    return [...document.querySelectorAll('.ds-table-wrap')].filter((one) => one.scrollWidth > one.clientWidth).map((one) => `${document.getElementById(one.getAttribute('aria-labelledby')).textContent}: ${one.scrollWidth - one.clientWidth}`);
  });
  assert.deepEqual(wide, [], page.url());
}
async function shot(page, name) {
  if (!config.shots) return;
  mkdirSync(config.shots, { recursive: true });
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(config.shots, `${name}.png`), fullPage: true, animations: 'disabled' });
}
/** Every figure has its table, its files and its card. */
async function whole(page) {
  const lacking = await page.evaluate(() => [...document.querySelectorAll('section.figure')].filter((section) => section.querySelector('figure')
    && !(section.querySelector('table') && section.querySelector('.files button') && section.querySelector('.drawing svg, .drawing canvas'))).map((section) => section.querySelector('h2').textContent));
  assert.deepEqual(lacking, []);
}

const VIEWS = { overview: ['Oversikt', 7], bottlenecks: ['Flaskehalser', 5], gaps: ['Hull', 3], map: ['Kart', 1], matrix: ['Matrise', 1], actors: ['Aktører', 1], data: ['Data', 4], cases: ['Saker', 1] };
const scenarios = {};
for (const [view, [title, parts]] of Object.entries(VIEWS)) {
  scenarios[`${view} is whole and accessible`] = async (page) => {
    await open(page, view);
    assert.equal(await page.innerText('h1'), title);
    assert.equal(await page.locator('.part').count(), parts);
    await whole(page);
    await clean(page, 'nb');
    await shot(page, view);
    await fits(page);
  };
}

scenarios['a stranger is asked to log in, and comes back'] = async (page, browser) => {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const strange = await context.newPage();
  await strange.goto(`${config.base}/explore/gaps?lang=en&from=2025-01-01&to=2025-07-01`);
  await strange.waitForSelector('#token');
  await strange.fill('#token', config.token);
  await Promise.all([strange.waitForURL(/explore\/gaps/), strange.click('button[type=submit]')]);
  await settled(strange);
  assert.equal(await strange.innerText('h1'), 'Gaps');
  assert.match(strange.url(), /to=2025-07-01/);
  await context.close();
};

scenarios['the language changes, and the address with it'] = async (page) => {
  await open(page, 'data');
  for (const [lang, title] of [['nn', 'Namn som ventar på ein aktør'], ['en', 'Names that wait for an actor']]) {
    await page.click(`nav a[lang=${lang}]`);
    await settled(page);
    assert.match(page.url(), new RegExp(`lang=${lang}`));
    assert.ok((await page.innerText('main')).includes(title), title);
    assert.equal(await page.getAttribute('html', 'lang'), lang);
    // what the analysis says of its numbers, too
    await page.waitForFunction((words) => document.querySelector('.notes')?.textContent.includes(words), lang === 'nn' ? 'aktørar har ikkje levert' : 'actors have not delivered', { timeout: TIME });
  }
};

scenarios['the overview sets each share beside that of the period before'] = async (page) => {
  await open(page, 'overview', { from: '2025-07-01' }, 'en');
  await page.waitForFunction(() => document.querySelectorAll('.finding .trend').length === 6, null, { timeout: TIME });
  const trends = await page.locator('.trend').allInnerTexts();
  for (const text of trends) assert.match(text, /^The period before, 1 Jan 2025 to 1 Jul 2025: /, text);
  // the words follow from the intervals that are shown
  for (const finding of await page.locator('.finding').filter({ has: page.locator('.measure') }).all()) {
    const numbers = (text) => [...text.matchAll(/\(([\d.]+) ?%–([\d.]+) ?%\)/g)].map((found) => found.slice(1).map(Number))[0];
    const now = numbers(await finding.locator('.measure').innerText()), said = await finding.locator('.trend').innerText(), then = numbers(said);
    if (now && then) assert.ok(said.includes(now[0] > then[1] ? 'Higher now' : now[1] < then[0] ? 'Lower now' : 'may be chance'), `${now} ${said}`);
  }
  assert.ok(trends.some((text) => /overlap/.test(text)));
  assert.ok(trends.some((text) => /E-I index .*; difference .*\. (The interval of the difference holds 0|More across now|Less across now|Without intervals)/.test(text)), trends.join('\n'));
  await shot(page, 'overview-trend');
  await open(page, 'overview', {}, 'en');
  await page.waitForFunction(() => document.querySelectorAll('.finding .trend').length === 6, null, { timeout: TIME });
  assert.equal(await page.locator('.trend', { hasText: 'Nothing is reported' }).count(), 6);
};

scenarios['the map by keyboard: go, choose, let go'] = async (page) => {
  await open(page, 'map', {}, 'en');
  await page.focus('canvas');
  await page.keyboard.press('ArrowRight');
  const first = await page.innerText('#live');
  assert.match(first, /Strength/);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowDown');
  assert.notEqual(await page.innerText('#live'), first, 'the arrows go from actor to actor');
  await page.keyboard.press('Enter');
  assert.match(await page.innerText('.panel'), /Its \d+ ties/);
  assert.match(page.url(), /ego=\d+/);
  const reached = page.url();
  await page.keyboard.press('+');
  await page.keyboard.press('0');
  await page.keyboard.press('Escape');
  assert.doesNotMatch(page.url(), /ego=/);
  await page.goto(reached); // an address says what was shown
  await settled(page);
  assert.match(await page.innerText('.panel'), /Its \d+ ties/);
};

scenarios['actors stay where they are from month to month'] = async (page) => {
  await open(page, 'map', {}, 'en');
  const places = () => page.evaluate(async () => {
    const spec = (from, to) => `from=${from} to=${to} anchor-from=2025-01-01 anchor-to=2026-01-01`;
    const of = async (from, to) => {
      const answer = await (await fetch(`/v1/results/layout?${new URLSearchParams({ spec: spec(from, to), lang: 'en', wait: 30 })}`)).json();
      const columns = Object.fromEntries(answer.tables[0].columns.map((c) => [c.name, c.texts ?? c.numbers]));
      return Object.fromEntries(columns.actor.map((key, i) => [key, [columns.x[i], columns.y[i], columns.held[i]]]));
    };
    return [await of('2025-02-01', '2025-03-01'), await of('2025-10-01', '2025-11-01')];
  });
  const [february, october] = await places();
  const both = Object.keys(february).filter((key) => october[key]);
  assert.ok(both.length > 10);
  for (const key of both) assert.deepEqual(february[key], october[key]);
  await page.fill('#month', '3');
  await page.waitForFunction(() => /Mar/.test(document.querySelector('output[for=month]').textContent));
};

scenarios['from a duty to the case, its timeline and its card'] = async (page) => {
  await open(page, 'gaps', {}, 'en');
  await page.locator('section.figure', { hasText: 'Duty to consult' }).locator('tbody button').first().click();
  const link = page.locator('h3 + .twin a[href*="/explore/cases"]').first();
  await link.click();
  await settled(page);
  assert.match(await page.innerText('h1'), /^Case /);
  await page.waitForFunction(() => document.querySelectorAll('.drawing svg circle, .drawing svg rect').length > 2, null, { timeout: TIME });
  await clean(page, 'en');
  await shot(page, 'case');
  await fits(page);
  await page.locator('button', { hasText: 'About these numbers' }).first().click();
  await page.waitForSelector('dialog[open]');
  assert.ok((await page.innerText('dialog[open]')).includes('case=25'), 'the card names the specification');
  await clean(page, 'en');
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('dialog[open]').count(), 0);
};

scenarios['from needs and sectors to the interactions, or to why there are none'] = async (page) => {
  const month = { from: '2025-02-01', to: '2025-03-01' }; // in a year everybody has met at the government conference
  await open(page, 'gaps', month, 'en');
  const needs = page.locator('section.figure', { hasText: 'Needed and missing' }).first(), evidence = page.locator('.evidence').first();
  await needs.locator('summary', { hasText: 'The figure as a table' }).click();
  await needs.locator('button', { hasText: 'Show all' }).click();
  const choose = async (state) => {
    await needs.locator('tbody tr', { hasText: state }).first().locator('button').click();
    await settled(page);
    assert.match(await evidence.locator('h3').innerText(), /what the need rests on$/);
    assert.ok((await evidence.locator('dl.grounds dd').first().innerText()).length > 0);
  };
  await choose('needed missing');
  assert.match(await evidence.innerText(), /No contact was reported\.[^]*There is none in this period\./);
  await choose('needed done');
  const told = Number((/(\d+) interactions?, from/.exec(await evidence.innerText()) ?? [])[1]);
  const of = new URL(page.url()).searchParams;
  const counts = await page.evaluate(async ([a, b]) => { // what the network counts between the two, and what the family between says
    const rows = (table) => table.columns[0].texts.map((_, i) => Object.fromEntries(table.columns.map((c) => [c.name, (c.texts ?? c.numbers)[i]])));
    const ask = async (family, more) => (await (await fetch(`/v1/results/${family}?${new URLSearchParams({ spec: `from=2025-02-01 to=2025-03-01${more}`, wait: 30 })}`)).json()).tables;
    const edges = rows((await ask('network', '')).find((table) => table.name === 'edges')).filter((r) => (r.from === a && r.to === b) || (r.from === b && r.to === a));
    const tables = await ask('between', ` one=${a} other=${b}`), sums = Object.fromEntries(tables.find((table) => table.name === 'summary').columns.map((c) => [c.name, (c.numbers ?? c.texts)[0]]));
    return { network: edges.reduce((sum, r) => sum + r.count, 0), contacts: sums.interactions - sums.objections, interactions: sums.interactions };
  }, [of.get('a'), of.get('b')]);
  assert.ok(counts.interactions > 0 && counts.interactions === told && counts.contacts === counts.network, JSON.stringify(counts));
  await shot(page, 'gaps-need');
  await page.reload(); // an address says what was shown
  await settled(page);
  assert.ok((await evidence.innerText()).includes(`${told} interaction`));
  const sectors = page.locator('section.figure', { hasText: 'Contact between sectors' });
  await sectors.locator('summary', { hasText: 'The figure as a table' }).click();
  await sectors.locator('tbody tr', { hasText: 'styring – styring' }).locator('button').click();
  await settled(page);
  const behind = page.locator('.evidence').last();
  assert.ok(await behind.locator('section.figure tbody tr').count() > 3);
  await fits(page);
  await clean(page, 'en');
  await behind.locator('section.figure tbody a[href*="/explore/cases"]').first().click();
  await settled(page);
  assert.match(await page.innerText('h1'), /^Case /);
};

scenarios['many interactions between two come in parts'] = async (page) => {
  const asked = [];
  await page.route(/\/v1\/results\/between\?/, (route) => {
    const spec = new URL(route.request().url()).searchParams.get('spec'), skip = Number(/ skip=(\d+)/.exec(spec)?.[1] ?? 0), count = Math.min(1000, 1500 - skip);
    asked.push(skip);
    const texts = (name, value) => ({ name, is_text: true, texts: Array(count).fill(value) });
    return route.fulfill({ contentType: 'application/json', body: JSON.stringify({ id: '00000000-0000-0000-0000-000000000000', card: { family: 'between',
      entries: [{ key: 'interactions', value: '12345' }, { key: 'wave', value: '2025' }, { key: 'random numbers', value: 'splitmix64, one stream per replicate, seed 20140301' }, { key: 'self-ties dropped', value: '1234 (weight 1234.5)' }],
      notes: ['Interactions 1001 to 1500 of 1500 are listed; skip=1500 lists those that come after.'] }, tables: [
      { name: 'interactions', columns: [{ name: 'event', numbers: Array.from({ length: count }, (_, i) => skip + i + 1) }, texts('date', '2025-02-03'), texts('kind', 'letter'), texts('layer', 'letter'), texts('way', 'one_to_other'), texts('one_names', 'A'), texts('other_names', 'B'), texts('case', ''), texts('level', '')] },
      { name: 'cases', columns: [] }, { name: 'summary', columns: [{ name: 'interactions', numbers: [1500] }, { name: 'cases', numbers: [0] }, { name: 'first', is_text: true, texts: ['2025-02-03'] }, { name: 'last', is_text: true, texts: ['2025-02-03'] }] }] }) });
  });
  await open(page, 'gaps', { one: 'kunnskap', other: 'velferd' }, 'en');
  const place = page.locator('.evidence').last();
  assert.match(await place.innerText(), /1,500 interactions, from .*They were in no case together\. Shown: 1 to 1,000\./);
  await place.locator('button', { hasText: 'Interactions 1,001 to 1,500' }).click();
  await place.locator('p', { hasText: 'Shown: 1,001 to 1,500.' }).waitFor();
  assert.equal(await place.locator('button', { hasText: 'Interactions 1 to 1,000' }).count(), 1);
  assert.deepEqual(asked, [0, 1000]);
  // what was counted is grouped, as everything on the page; what is a name or is typed stays as it is
  for (const [lang, button, note, ...words] of [['en', 'About these numbers', 'Interactions 1,001 to 1,500 of 1,500 are listed; skip=1500 lists', 'interactions12,345', 'wave2025', 'seed 20140301', '1,234 (weight 1,234.5)'],
    ['nb', 'Om disse tallene', 'Interaksjon 1\u00a0001 til 1\u00a0500 av 1\u00a0500 er listet opp; skip=1500 gir', '12\u00a0345', '2025', 'startverdi 20140301', '1\u00a0234 (vekt 1\u00a0234,5)']]) {
    if (lang !== 'en') await open(page, 'gaps', { one: 'kunnskap', other: 'velferd' }, lang);
    await page.locator('.evidence').last().locator('.files button', { hasText: button }).first().click();
    await page.waitForFunction(([said, all]) => [...document.querySelectorAll('.evidence .notes')].some((notes) => notes.textContent.includes(said))
      && all.every((one) => document.querySelector('dialog[open]').textContent.includes(one)), [note, words], { timeout: TIME });
    await page.keyboard.press('Escape');
  }
  await page.unrouteAll();
};

scenarios['a session that ends while one looks leads to logging in'] = async (page) => {
  await open(page, 'cases', {}, 'en');
  await page.route(/\/v1\/results\//, (route) => route.fulfill({ status: 401, contentType: 'application/problem+json', body: JSON.stringify({ title: 'log in first', status: 401 }) }));
  await Promise.all([page.waitForURL(/\/explore\/login\?next=%2Fexplore%2Fgaps/), page.locator('.views a', { hasText: 'Gaps' }).click()]);
  await page.unrouteAll();
  complaints.splice(0, complaints.length, ...complaints.filter((text) => !/status of 401/.test(text)));
};

scenarios['a card says everything in the language of the reader, units and sources too'] = async (page) => {
  for (const [view, own, title, words] of [['gaps', {}, 'Kontakt mellom sektorar', ['(observert / venta)', '[Good 2005, permutasjonstestar]']], ['overview', { from: '2025-07-01' }, 'Kva som er endra', ['av replikata (persentilintervall)', 'éin straum for kvart replikat']]]) {
    await open(page, view, own, 'nn');
    await page.locator('section.figure', { hasText: title }).locator('button', { hasText: 'Om desse tala' }).click();
    await page.waitForFunction((all) => all.every((one) => document.querySelector('dialog[open]').textContent.includes(one)), words, { timeout: TIME });
    assert.doesNotMatch(await page.locator('dialog[open]').textContent(), /\b(of the|and the|with the|is the|own definition)\b/);
  }
};

scenarios['figures and data can be taken away'] = async (page) => {
  await open(page, 'bottlenecks', {}, 'en');
  for (const [kind, begins] of [['SVG', '<svg'], ['PNG', '\x89PNG']]) {
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.files button', { hasText: kind }).first().click()]);
    const bytes = readFileSync(await download.path(), 'latin1');
    assert.ok(bytes.startsWith(begins) && bytes.length > 2000, `${kind}: ${bytes.length} bytes`);
  }
  const address = await page.locator('.files a', { hasText: 'JSON' }).first().getAttribute('href');
  const json = await page.evaluate(async (url) => (await fetch(url)).json(), address);
  assert.ok(json.tables[0].columns.some((column) => column.name === 'betweenness' && column.numbers.length > 10));
  const csv = await page.evaluate(async (url) => (await fetch(url)).text(), await page.locator('.files a', { hasText: 'CSV' }).first().getAttribute('href'));
  assert.ok(csv.includes('betweenness') && csv.split('\n').length > 10, csv.slice(0, 200));
  const book = await page.evaluate(async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer()).slice(0, 2).join(), await page.locator('.files a', { hasText: 'XLSX' }).first().getAttribute('href'));
  assert.equal(book, '80,75'); // a ZIP, as XLSX is
};

scenarios['a removal is computed, and told in the address'] = async (page) => {
  await open(page, 'bottlenecks', { remove: '972417807' }, 'en');
  assert.ok((await page.innerText('main')).includes('Without Ministry of Finance'));
};

scenarios['on a phone and in print'] = async (page) => {
  await page.setViewportSize({ width: 375, height: 740 });
  for (const view of ['overview', 'map', 'bottlenecks']) {
    await open(page, view);
    await clean(page, 'nb');
    await shot(page, `${view}-phone`);
    if (view === 'overview') assert.match(await page.innerText('main'), /perioden før \(1\. jan\. 2024 til 1\. jan\. 2025\)/); // a year, and leap years are years
  }
  const cut = await page.evaluate(() => {
    document.querySelector('.choose').closest('details').open = true;
    return [...document.querySelectorAll('.choose > *')].filter((one) => one.getBoundingClientRect().right > one.parentElement.getBoundingClientRect().right + 1).length;
  });
  assert.equal(cut, 0, 'names to choose from are whole');
  await page.emulateMedia({ forcedColors: 'active' });
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('.drawing svg')).backgroundColor), 'rgb(255, 255, 255)'); // their ink is dark
  await page.emulateMedia({ forcedColors: null });
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('.views').isVisible(), false);
  assert.ok(await page.locator('.print-only').isVisible());
  await page.emulateMedia({ media: null });
  await page.setViewportSize({ width: 1280, height: 900 });
};

scenarios['nonsense is answered in words'] = async (page) => {
  await open(page, 'overview', { from: '2025-05-01', to: '2025-05-01' }, 'en');
  const told = await page.locator('.ds-alert[data-color=danger]').allInnerTexts();
  assert.ok(told.length > 0 && told.every((text) => text.includes('ends where it begins')), told.join('\n'));
  complaints.splice(0, complaints.length, ...complaints.filter((text) => !/status of 4\d\d/.test(text))); // the browser notes every answer of 400
};

scenarios['a layer that does not exist is told in words, in every part'] = async (page) => {
  await open(page, 'gaps', { layer: 'nowhere' }, 'en');
  const told = await page.locator('.ds-alert[data-color=danger]').allInnerTexts();
  assert.equal(told.length, 3);
  for (const text of told) assert.match(text, /there is no layer "nowhere"/);
  complaints.splice(0, complaints.length, ...complaints.filter((text) => !/status of 400/.test(text)));
};

for (const [name, period] of [['a period nothing is reported of', { from: '1990-01-01', to: '1991-01-01' }], ['ten years of departments', { from: '2016-01-01', to: '2026-01-01', level: 'unit' }]]) {
  scenarios[`${name} can be looked at in every view`] = async (page) => {
    for (const view of Object.keys(VIEWS)) {
      await open(page, view, period, 'en');
      assert.deepEqual(await page.locator('.ds-alert').allInnerTexts(), [], view);
      assert.doesNotMatch(await page.innerText('main'), /NaN|undefined|Infinity|null/, view);
      await whole(page);
    }
    if (period.level) assert.equal(await page.locator('.period select').nth(1).inputValue(), 'unit');
    else assert.match(await page.innerText('main'), /There is nothing to show/);
  };
}

scenarios['twenty thousand ties are too many, and the map says so'] = async (page) => {
  const column = (name, values) => (typeof values[0] === 'string' ? { name, is_text: true, texts: values } : { name, numbers: values });
  const answer = (family, tables) => page.route(new RegExp(`/v1/results/${family}\\?`), (route) => route.fulfill({ contentType: 'application/json', body: JSON.stringify({ id: '00000000-0000-0000-0000-000000000000', card: { family }, tables }) }));
  const count = 300, most = 20001, keys = Array.from({ length: count }, (_, i) => `v${i}`), ends = keys.flatMap((_, i) => keys.slice(i + 1).map((__, j) => [i, i + 1 + j])).slice(0, most);
  const table = (name, columns) => ({ name, columns: Object.entries(columns).map(([key, values]) => column(key, values)) });
  await answer('network', [table('nodes', { actor: keys, name: keys, abbreviation: keys, kind: keys.map(() => 'agency'), sector: keys.map((_, i) => `s${i % 5}`), reported: keys.map(() => 1) }),
    table('edges', { from: ends.map(([a]) => keys[a]), to: ends.map(([, b]) => keys[b]), weight: ends.map((_, i) => 1 + i), count: ends.map(() => 1), state: ends.map(() => 'yes') })]);
  await answer('layout', [table('layout', { actor: keys, x: keys.map((_, i) => Math.cos(i)), y: keys.map((_, i) => Math.sin(i)), held: keys.map(() => 1) })]);
  await answer('centrality', [table('centrality', { actor: keys, strength: keys.map((_, i) => i), degree: keys.map((_, i) => i), betweenness: keys.map((_, i) => i), eigenvector: keys.map(() => 0.5) })]);
  await answer('bottlenecks', [table('bottlenecks', { actor: keys, median_days: keys.map(() => 1), requests: keys.map(() => 1), overdue: keys.map(() => 0) })]);
  await open(page, 'map', {}, 'en');
  assert.match(await page.innerText('main'), /20,001 ties are too many to tell apart\. The 5,000 strongest are shown \(weight from 15,002\)/);
  assert.match(await page.innerText('main'), /5,000 of 20,001 ties shown/);
  await page.fill('#least', '0');
  assert.match(await page.innerText('main'), /20,001 of 20,001 ties shown/);
  await page.unrouteAll();
};

scenarios['a connection that is gone is told in words'] = async (page) => {
  const gone = /\/v1\/results\/(gaps|network)\?/;
  await page.route(gone, (route) => route.abort());
  for (const [lang, words] of [['nb', 'Ingen forbindelse med tjenesten.'], ['nn', 'Ikkje samband med tenesta.'], ['en', 'No connection to the service.']]) {
    await open(page, 'gaps', {}, lang);
    const told = await page.locator('.ds-alert[data-color=danger]').allInnerTexts();
    assert.equal(told.length, 1); // the other parts are there
    assert.ok(told[0].startsWith(words), told[0]);
  }
  await page.unroute(gone);
  await open(page, 'gaps', {}, 'en'); // what it was about comes when the network is back, and what is behind it when it goes again
  await page.route(gone, (route) => route.abort());
  const sectors = page.locator('section.figure', { hasText: 'Contact between sectors' });
  await sectors.locator('summary', { hasText: 'The figure as a table' }).click();
  await sectors.locator('tbody button').first().click();
  await page.waitForFunction(() => document.querySelector('.ds-alert[data-color=danger]')?.textContent.startsWith('No connection'));
  await page.unroute(gone);
  complaints.splice(0, complaints.length, ...complaints.filter((text) => !text.includes('net::ERR_FAILED'))); // the browser's own note
};

scenarios['reorganisations are drawn, and what is only inferred says so'] = async (page) => {
  await open(page, 'actors', {}, 'en');
  const table = page.locator('section.figure', { hasText: 'Mergers, splits' }).last();
  const rows = await table.locator('tbody tr').allInnerTexts();
  assert.ok(rows.some((row) => /incorporation/.test(row) && /Norwegian Directorate of eHealth/.test(row)) && rows.some((row) => /separation/.test(row) && /40\s?%/.test(row)), rows.join('\n'));
  assert.equal(await page.locator('.drawing svg path[stroke="#d55e00"]').count(), 2);
  await page.route(/\/v1\/actors\?/, (route) => route.fulfill({ contentType: 'application/json', body: JSON.stringify({ actors: [{ key: 'a', name_nb: 'A', valid_to: '2025-07-01' }, { key: 'b', name_nb: 'B', valid_from: '2025-07-01' }] }) }));
  await page.route(/\/v1\/reorganisations\?/, (route) => route.fulfill({ contentType: 'application/json', body: '{}' }));
  await open(page, 'actors', {}, 'en');
  assert.ok((await table.innerText()).includes('not recorded, the days suggest it'));
  assert.equal(await page.locator('.drawing svg path[stroke-dasharray]').count(), 1);
  await page.unrouteAll();
};

scenarios['a new name is drawn on the bar of the actor, which did not begin with it'] = async (page) => {
  for (const [lang, old, fresh, kind] of [['en', 'Direktoratet for prøver', 'Prøvedirektoratet', 'new name'], ['nn', 'Direktoratet for prøver', 'Prøvedirektoratet', 'nytt namn']]) {
    await open(page, 'actors', {}, lang);
    const row = page.locator('section.figure').last().locator('tbody tr', { hasText: fresh });
    const said = await row.innerText();
    assert.ok(said.includes(old) && said.includes(kind), said);
    assert.equal(await page.locator('.drawing svg path.renamed').count(), 1);
    assert.equal(await page.locator('.drawing svg path.renamed title').textContent(), `${lang === 'en' ? '1 Jun 2025' : '1. juni 2025'}: ${old} → ${fresh}`);
    const begun = await page.locator('.drawing svg rect title', { hasText: fresh }).textContent();
    assert.ok(begun.includes('2019'), begun);
  }
  await shot(page, 'actors-renamed');
};

scenarios['a sector with a dot in its name is one sector'] = async (page) => {
  await open(page, 'gaps', { one: 'St. styring', other: 'velferd' }, 'en');
  assert.equal(await page.innerText('h3'), 'St. styring and velferd: the ties behind');
};

scenarios['the map says which numbers are missing, and shapes show a number'] = async (page) => {
  await page.route(/\/v1\/results\/bottlenecks\?/, (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ type: 'urn:samordning:problem:BUSY', title: 'busy, try again later', status: 503 }) }));
  await open(page, 'map', { shape: 'degree' }, 'nb');
  assert.match(await page.innerText('.ds-alert[data-color=warning]'), /Median dager.*mangler: opptatt, prøv igjen senere/);
  assert.match(await page.locator('.legend').last().innerText(), /i fjerdedeler/);
  await page.unrouteAll();
  complaints.splice(0, complaints.length, ...complaints.filter((text) => !/status of 503/.test(text)));
};

scenarios['what was stopped says so, and can be computed after all'] = async (page) => {
  let times = 0;
  await page.route(/\/v1\/results\/case\?/, (route) => (times++ === 0 ? route.fulfill({ status: 202, contentType: 'application/json', body: JSON.stringify({ job: 77, permille: 120 }) }) : route.continue()));
  await page.route(/\/v1\/jobs\/77$/, (route) => { assert.equal(route.request().method(), 'DELETE'); return route.fulfill({ contentType: 'application/json', body: '{}' }); });
  let end = null;
  const ended = new Promise((resolve) => { end = resolve; });
  await page.route(/\/v1\/jobs\/77\/events/, async (route) => { await ended; await route.fulfill({ contentType: 'text/event-stream', body: 'event: failed\ndata: {"type":"urn:samordning:problem:CANCELLED","title":"cancelled","status":409}\n\n' }); });
  await page.goto(`${config.base}/explore/cases?from=2025-01-01&to=2026-01-01&lang=en`);
  const button = page.locator('.part button', { hasText: 'Stop' });
  await button.click();
  assert.match(await page.innerText('.part'), /12%/);
  end();
  await page.locator('.part button', { hasText: 'Compute it now' }).click();
  await page.waitForSelector('.figure table');
  await page.unrouteAll();
};

scenarios['one is not many'] = async (page) => {
  const cases = { id: '00000000-0000-0000-0000-000000000000', card: { family: 'case' }, tables: [{ name: 'cases', columns: [
    { name: 'case', is_text: true, texts: ['25/1'] }, { name: 'interactions', numbers: [1] }, { name: 'owner_name', is_text: true, texts: ['A'] }, { name: 'type', is_text: true, texts: [''] }] }] };
  await page.route(/\/v1\/results\/case\?/, (route) => route.fulfill({ contentType: 'application/json', body: JSON.stringify(cases) }));
  for (const [lang, words] of [['nb', '1 sak. Velg den'], ['nn', '1 sak. Vel ho'], ['en', '1 case. Choose it']]) {
    await open(page, 'cases', {}, lang);
    assert.ok((await page.innerText('.figure')).includes(words), words);
  }
  await page.unrouteAll();
};

const browser = await launch(config.modules);
const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'nb-NO', timezoneId: 'Europe/Oslo', viewport: { width: 1280, height: 900 } });
context.setDefaultTimeout(TIME);
watch(context);
const page = await context.newPage();
await page.goto(`${config.base}/explore/login`);
await page.fill('#token', config.token);
await Promise.all([page.waitForURL(/explore\/?(\?|$)/), page.click('button[type=submit]')]);
let failed = 0;
for (const [name, run] of Object.entries(scenarios)) {
  if (only.length && !only.some((word) => name.includes(word))) continue;
  const began = Date.now();
  complaints.length = 0;
  try {
    await run(page, browser);
    assert.deepEqual(complaints, []);
    console.log(`ok ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed++;
    console.log(`FAILED ${name}\n${error.stack}`);
  }
}
await browser.close();
process.exit(failed ? 1 : 0);
