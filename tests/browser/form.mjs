// SPDX-License-Identifier: GPL-3.0-or-later
// The form in headless Chromium, against a running daemon: node form.mjs CONFIG.json [NAME...]. Called by test_form.py, which made the
// daemon and the links. Prints a line for each scenario; exit code 1 when one failed.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch } from './browser.mjs';

const config = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const only = process.argv.slice(3);
const require = createRequire(join(config.modules, 'package.json'));
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const TIME = 20000 * (config.slowness ?? 1);
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
const OPTIONS = { ignoreHTTPSErrors: true, locale: 'nb-NO', timezoneId: 'Europe/Oslo' };

const taken = {};
/** A link nobody has used yet. */
function link(wave) {
  taken[wave] = (taken[wave] ?? -1) + 1;
  const links = config.links[wave];
  assert.ok(taken[wave] < links.length, `more links are needed of ${wave}`);
  return config.base + links[taken[wave]];
}

let browser;
const plain = new WeakSet(); // contexts without scripts
const complaints = [];
async function open(options = {}) {
  const context = await browser.newContext({ ...OPTIONS, ...options });
  context.setDefaultTimeout(TIME);
  if (options.javaScriptEnabled === false) plain.add(context);
  context.on('request', (request) => {
    if (!request.url().startsWith(config.base)) complaints.push(`request to ${request.url()}`);
  });
  context.on('page', (page) => {
    page.on('pageerror', (error) => complaints.push(`script error: ${error.message}`));
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/i.test(message.text())) complaints.push(`policy: ${message.text()}`);
    });
  });
  const page = await context.newPage();
  return page;
}

async function close(page) {
  await page.context().close();
}

/** No violation of WCAG 2.1 AA, one h1, a title, the right language. Of a long list of actors, whose forms differ in the name, axe looks at the
    first ones, among them a long name, the last, and those opened; at every one where `whole`. */
async function check(page, lang = null, { whole = false } = {}) {
  assert.equal(await page.locator('h1').count(), 1, page.url());
  if (lang) assert.equal(await page.getAttribute('html', 'lang'), lang, page.url());
  if (plain.has(page.context())) return; // axe needs scripts; these are the pages it has looked at with them
  await page.evaluate(axe);
  const found = await page.evaluate(([tags, all]) => {
    const actors = all ? [] : [...document.querySelectorAll('.actor')].slice(8, -1).filter((e) => !e.querySelector('[open]'));
    return globalThis.axe.run({ include: [document.documentElement], exclude: actors }, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
  }, [WCAG, whole]);
  const words = found.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => `${n.html.slice(0, 200)} ${n.failureSummary}`).join(' | ')}`);
  assert.deepEqual(words, [], `${page.url()}: ${words.join('\n')}`);
}

async function fits(page) {
  const wide = await page.evaluate(() => {
    const most = document.documentElement.clientWidth;
    const out = [...document.querySelectorAll('body *')].filter((e) => {
      const box = e.getBoundingClientRect();
      return box.width > 0 && box.right > most + 1 && getComputedStyle(e).position !== 'absolute' && !e.closest('.ds-table-wrap');
    });
    return document.documentElement.scrollWidth > most ? out.slice(0, 3).map((e) => e.outerHTML.slice(0, 150)) : [];
  });
  assert.deepEqual(wide, [], `${page.url()} scrolls sideways`);
}

/** Presses what leads to another page, and waits until that page is whole. */
async function go(page, selector) {
  await Promise.all([page.waitForEvent('domcontentloaded'), page.click(selector)]);
}
const next = (page) => go(page, 'button[value=next]');
const heading = (page) => page.locator('h1').innerText();
const shots = config.shots;
async function shot(page, name, whole = true) {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: whole, animations: 'disabled' });
}

const WORDS = {
  nb: { begin: 'Jeg har lest dette og vil svare', yes: 'Ja', contact: 'Kontakt', submit: 'Send inn', thanks: 'Takk, svarene dine er sendt inn', none: 'Ingen kontakt', own: 'Departementet for sak 01' },
  nn: { begin: 'Eg har lese dette og vil svare', yes: 'Ja', contact: 'Kontakt', submit: 'Send inn', thanks: 'Takk, svara dine er sende inn', none: 'Ingen kontakt', own: 'Departementet for sak 01' },
  en: { begin: 'I have read this and want to answer', yes: 'Yes', contact: 'Contact', submit: 'Submit', thanks: 'Thank you, your answers are submitted', none: 'No contact', own: 'Ministry of matter 01' },
};

/** From the link to the receipt, and back out; with axe on every page. */
async function wholeWay(page, lang, { scripts = true } = {}) {
  const w = WORDS[lang];
  await page.goto(link('hele'));
  assert.match(page.url(), /\/w\/hele$/);
  await go(page, `nav a[lang=${lang}]`);
  await check(page, lang);
  await fits(page);
  await shot(page, `welcome-${lang}${scripts ? '' : '-plain'}`);
  assert.ok((await page.locator('main').innerText()).includes(w.own));
  await go(page, `text=${w.begin}`);

  // about you
  await check(page, lang);
  await page.check('#c-leads-1');
  await page.check('#c-means-1');
  await page.check('#c-means-2');
  await page.check('#c-quality-4');
  await page.fill('#q-share', '12,5');
  await page.fill('#q-since', '2020-02-03');
  await page.fill('#q-words', 'Første linje\n<b>andre</b> & "tredje"');
  await shot(page, `about-${lang}${scripts ? '' : '-plain'}`);
  await next(page);
  assert.match(page.url(), /about\?more$/, 'a question that an answer leads to is asked before going on');
  await check(page, lang);
  assert.equal(await page.inputValue('#q-words'), 'Første linje\n<b>andre</b> & "tredje"');
  assert.equal(await page.inputValue('#q-share'), lang === 'en' ? '12.5' : '12,5');
  await page.fill('#q-groups', '3');
  await next(page);

  // eighty actors
  assert.equal(await heading(page), w.contact);
  assert.equal(await page.locator('.actor').count(), 80);
  await check(page, lang);
  await page.check('#c-roster-nc-000000002');
  await page.click('#q-roster-000000003 summary');
  await page.check('#c-contact_often-3-000000003');
  await page.check('#c-contact_needed-dk-000000003');
  await page.check('#c-contact_kinds-2-000000003');
  await page.fill('#q-contact_hours-000000003', '2');
  await check(page, lang, { whole: lang === 'nb' });
  await shot(page, `roster-${lang}${scripts ? '' : '-plain'}`, false);
  await next(page);

  // names
  await check(page, lang);
  await page.fill('#f-bodies', 'statistisk');
  if (scripts) await page.waitForSelector('#found-bodies button');
  else await go(page, 'button[value="search:bodies"]');
  await go(page, '#found-bodies button >> text=Statistisk');
  await page.check('#c-bodies_often-4-900000002');
  await page.fill('#f-bodies', 'Et helt nytt utvalg');
  await go(page, 'button[value="search:bodies"]');
  await check(page, lang);
  await shot(page, `names-${lang}${scripts ? '' : '-plain'}`);
  await go(page, 'button[value="new:bodies"]');
  assert.equal(await page.locator('.names .actor').count(), 2);
  assert.ok(await page.isChecked('#c-bodies_often-4-900000002'), 'an action keeps what was chosen');
  await next(page);

  // ranking, matrix, ladder
  await check(page, lang);
  await page.selectOption('#r-order-1', '2');
  await page.selectOption('#r-order-2', '1');
  await page.check('#c-works-3-hearing');
  await page.check('#c-works-nr-group');
  await page.check('#c-step-2');
  await shot(page, `means-${lang}${scripts ? '' : '-plain'}`);
  await next(page);

  // looking over, submitting
  await check(page, lang);
  const listed = await page.locator('main').innerText();
  assert.ok(listed.includes('<b>andre</b>'), 'shown as text');
  await shot(page, `review-${lang}${scripts ? '' : '-plain'}`);
  await go(page, `button[value=submit]`);
  assert.equal(await heading(page), w.thanks);
  await check(page, lang);
  await shot(page, `receipt-${lang}${scripts ? '' : '-plain'}`);

  // correct
  await go(page, 'button[value=reopen]');
  await check(page, lang);
  await go(page, 'a[href$="/about"]');
  assert.ok(await page.isChecked('#c-leads-1'));
  await page.check('#c-leads-2');
  await next(page);
  await page.goto(`${config.base}/w/hele/-/review`);
  assert.ok(!(await page.locator('main').innerText()).includes('grupper'), 'hidden questions are not listed');
  await go(page, 'button[value=submit]');
  assert.equal(await heading(page), w.thanks);

  // withdraw
  await go(page, 'a[href$="/-/withdraw"]');
  await check(page, lang);
  await go(page, 'button[value=withdraw]');
  await check(page, lang);
  await go(page, 'button[value=reopen]');
  await go(page, `text=${w.begin}`);
  assert.ok(!(await page.isChecked('#c-leads-2')), 'nothing is left');
}

const scenarios = {
  async 'the whole way in bokmål'() {
    const page = await open();
    await wholeWay(page, 'nb');
    await close(page);
  },
  async 'the whole way in nynorsk'() {
    const page = await open();
    await wholeWay(page, 'nn');
    await close(page);
  },
  async 'the whole way in English'() {
    const page = await open();
    await wholeWay(page, 'en');
    await close(page);
  },
  async 'the whole way without scripts'() {
    const page = await open({ javaScriptEnabled: false });
    await wholeWay(page, 'nb', { scripts: false });
    await close(page);
  },

  async 'the language changes in place and keeps what was typed'() {
    const page = await open();
    await page.goto(link('hele'));
    await go(page, `text=${WORDS.nb.begin}`);
    await page.fill('#q-words', 'ikke lagret ennå');
    await go(page, 'button[value="lang:en"]');
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    assert.equal(await heading(page), 'About you');
    assert.equal(await page.inputValue('#q-words'), 'ikke lagret ennå');
    await close(page);
  },

  async 'errors stand in a summary and beside the fields'() {
    const page = await open();
    await page.goto(link('hele'));
    await go(page, `text=${WORDS.nb.begin}`);
    await page.check('#c-leads-2');
    await page.fill('#q-share', 'mange');
    await page.check('#c-means-1');
    await page.check('#c-means-3');
    await next(page);
    await check(page, 'nb');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'problems', 'the summary has the focus');
    assert.ok((await page.title()).startsWith('Feil: '));
    assert.equal(await page.locator('#problems li').count(), 2);
    assert.equal(await page.inputValue('#q-share'), 'mange', 'what was typed stays');
    assert.equal(await page.getAttribute('#q-share', 'aria-invalid'), 'true');
    assert.ok((await page.getAttribute('#q-share', 'aria-describedby')).includes('e-share'));
    assert.ok((await page.innerText('#e-share')).includes('tall'));
    await shot(page, 'errors-nb');
    await page.click('#problems a[href="#q-share"]');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'q-share', 'the link leads to the field');
    await page.reload();
    assert.ok(await page.isChecked('#c-leads-2'), 'the rest is saved');
    await page.goto(`${config.base}/w/hele/-/review`);
    await check(page, 'nb');
    await close(page);
  },

  async 'what must be answered is listed with links before submitting'() {
    const page = await open();
    await page.goto(link('liten'));
    await page.goto(`${config.base}/w/liten/one`);
    await next(page);
    await next(page);
    assert.match(page.url(), /review$/);
    assert.equal(await page.locator('button[value=submit]').count(), 0);
    await check(page, 'nb');
    await go(page, '#problems a');
    assert.match(page.url(), /\/w\/liten\/one#q-yes$/);
    await page.check('#c-yes-1');
    await next(page);
    const late = await page.context().newPage(), forgotten = await page.context().newPage();
    for (const window of [late, forgotten]) await window.goto(`${config.base}/w/liten/two`);
    await next(page);
    await go(page, 'button[value=submit]');
    assert.equal(await heading(page), WORDS.nb.thanks);
    // a window that was left open says why it cannot save
    await late.fill('#q-why', 'for sent');
    await late.waitForFunction(() => document.getElementById('saved').textContent.startsWith('Ikke lagret: undersøkelsen er over'));
    await page.context().clearCookies();
    await forgotten.fill('#q-why', 'uten informasjonskapsel');
    await forgotten.waitForFunction(() => document.getElementById('saved').textContent.startsWith('Ikke lagret: nettleseren har glemt hvem du er'));
    await close(page);
  },

  async 'the keyboard alone is enough'() {
    const page = await open();
    const press = async (key) => page.keyboard.press(key);
    /** Tab until the focus is there; every stop must be visible. */
    const to = async (selector) => {
      for (let i = 0; i < 60; i++) {
        await press('Tab');
        const found = await page.evaluate((wanted) => {
          const e = document.activeElement;
          const style = getComputedStyle(e);
          const box = e.closest('.ds-field') ?? e;
          return { is: e.matches(wanted), visible: style.outlineStyle !== 'none' || getComputedStyle(box).outlineStyle !== 'none' || style.boxShadow !== 'none' || (e.matches('.ds-skip-link') && e.getBoundingClientRect().height > 20), html: e.outerHTML.slice(0, 120) };
        }, selector);
        assert.ok(found.visible, `the focus cannot be seen on ${found.html}`);
        if (found.is) return;
      }
      assert.fail(`the keyboard does not reach ${selector}`);
    };
    await page.goto(link('liten'));
    await press('Tab');
    assert.ok(await page.evaluate(() => document.activeElement.matches('.ds-skip-link')), 'the skip link comes first');
    await to('a.ds-button[data-variant=primary]');
    await press('Enter');
    await page.waitForURL(/\/one$/);
    await to('#c-yes-1');
    await press('Space');
    await to('button[value=next]');
    await press('Enter');
    await page.waitForURL(/\/two$/);
    await to('#q-why');
    await page.keyboard.type('fordi');
    await to('button[value=next]');
    await press('Enter');
    await page.waitForURL(/review$/);
    await to('button[value=submit]');
    await press('Enter');
    await page.waitForURL(/receipt$/);
    await close(page);
  },

  async 'eighty actors on a phone'() {
    const page = await open({ viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
    await page.goto(link('hele'));
    await page.goto(`${config.base}/w/hele/contact`);
    await fits(page);
    await check(page, 'nb');
    await page.tap('label[for="c-roster-nc-000000002"]');
    await page.tap('#q-roster-000000003 summary');
    await page.tap('label[for="c-contact_often-4-000000003"]');
    await fits(page);
    await check(page, 'nb', { whole: true });
    const small = await page.evaluate(() => [...document.querySelectorAll('summary, .none, .ds-button')].map((e) => e.getBoundingClientRect())
      .filter((box) => box.height > 0 && box.height < 24).length);
    assert.equal(small, 0, 'everything to touch is at least 24 pixels high');
    await shot(page, 'phone-roster', false);
    await page.fill('#filter-q-roster', 'sak 77');
    assert.equal(await page.locator('.actor:visible').count(), 0);
    await page.fill('#filter-q-roster', 'sak 78');
    assert.equal(await page.locator('.actor:visible').count(), 1);
    await page.fill('#filter-q-roster', '');
    await next(page);
    await page.goto(`${config.base}/w/hele/contact`);
    assert.ok(await page.isChecked('#c-roster-nc-000000002'));
    await page.goto(`${config.base}/w/hele`);
    await shot(page, 'phone-welcome', false);
    await page.goto(`${config.base}/w/hele/about`);
    await shot(page, 'phone-about', false);
    await close(page);
  },

  async 'four hundred per cent: nothing scrolls sideways at 320 pixels'() {
    const page = await open({ viewport: { width: 320, height: 256 } });
    await page.goto(link('hele'));
    for (const path of ['', '/about', '/contact', '/others', '/means_section', '/-/review', '/-/left']) {
      await page.goto(`${config.base}/w/hele${path}`);
      await fits(page);
      await check(page, 'nb');
    }
    await page.goto(`${config.base}/w/hele/contact`);
    await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
    await fits(page);
    await page.goto(`${config.base}/w/hele/others`);
    await page.fill('#f-bodies', 'et ganske langt navn på noe som ikke finnes i registeret fra før');
    await go(page, 'button[value="search:bodies"]');
    await fits(page);
    await close(page);
  },

  async 'what is typed is saved, and is there on another device'() {
    const address = link('hele');
    const page = await open();
    await page.goto(address);
    await page.goto(`${config.base}/w/hele/about`);
    await page.fill('#q-words', 'skrevet uten å trykke på noe');
    await page.waitForFunction(() => /\d\d.\d\d/.test(document.getElementById('saved').textContent));
    const other = await open();
    await other.goto(address);
    await other.goto(`${config.base}/w/hele/about`);
    assert.equal(await other.inputValue('#q-words'), 'skrevet uten å trykke på noe');
    // the same page goes on saving after that
    await page.fill('#q-share', '10');
    await next(page);
    assert.match(page.url(), /contact$/);
    await close(page);
    await close(other);
  },

  async 'two windows: both versions are shown and one is chosen'() {
    const address = link('hele');
    const one = await open({ javaScriptEnabled: false });
    await one.goto(address);
    await one.goto(`${config.base}/w/hele/about`);
    const two = await one.context().newPage();
    await two.goto(`${config.base}/w/hele/about`);
    await one.fill('#q-words', 'fra det første');
    await next(one);
    await two.fill('#q-words', 'fra det andre');
    await two.check('#c-leads-dk');
    await next(two);
    const shown = await two.locator('main').innerText();
    assert.ok(shown.includes('fra det første') && shown.includes('fra det andre'), shown);
    await check(two, 'nb');
    await shot(two, 'conflict-nb');
    await go(two, 'button[value=stay]');
    assert.equal(await two.inputValue('#q-words'), 'fra det andre');
    await close(one);
  },

  async 'script in every text is shown as text'() {
    const page = await open();
    let ran = false;
    page.on('dialog', async (dialog) => { ran = true; await dialog.dismiss(); });
    const evil = '"><img src=x onerror=alert(1)><script>alert(2)</script>';
    await page.goto(link('hele'));
    await page.goto(`${config.base}/w/hele/about`);
    await page.fill('#q-words', evil);
    await page.fill('#q-share', evil.slice(0, 30));
    await next(page);
    assert.equal(await page.inputValue('#q-share'), evil.slice(0, 30));
    assert.equal(await page.inputValue('#q-words'), evil);
    await page.fill('#q-share', '');
    await next(page);
    await page.goto(`${config.base}/w/hele/others`);
    await page.fill('#f-bodies', evil);
    await go(page, 'button[value="search:bodies"]');
    await go(page, 'button[value="new:bodies"]');
    assert.ok((await page.innerText('.names .actor h3')).includes('<script>'));
    await next(page);
    await page.goto(`${config.base}/w/hele/-/review`);
    assert.equal(await page.locator('main img').count(), 0);
    await check(page, 'nb');
    assert.equal(ran, false);
    await close(page);
  },

  async 'colleagues and a signer share one answer'() {
    const page = await open();
    await page.goto(link('felles'));
    await check(page, 'nb');
    await go(page, 'a[href$="/-/delegate"]');
    await check(page, 'nb');
    await shot(page, 'delegate-nb');
    await page.check('#s-two');
    await go(page, 'button[value=contributor]');
    await check(page, 'nb');
    const colleague = await open();
    await colleague.goto(config.base + new URL(await page.inputValue('#link')).pathname);
    await check(colleague, 'nb');
    await colleague.goto(`${config.base}/w/felles/one`);
    assert.equal(await heading(colleague), 'Siden finnes ikke');
    await colleague.goto(`${config.base}/w/felles/two`);
    await colleague.fill('#q-why', 'fra en kollega');
    await next(colleague);
    await check(colleague, 'nb');
    await page.goto(`${config.base}/w/felles/-/delegate`);
    await go(page, 'button[value=signer]');
    const signer = await open();
    await signer.goto(config.base + new URL(await page.inputValue('#link')).pathname);
    await check(signer, 'nb');
    await page.goto(`${config.base}/w/felles/one`);
    await page.check('#c-yes-1');
    await next(page);
    await next(page);
    await go(page, 'button[value=submit]');
    await check(page, 'nb');
    await signer.reload();
    assert.ok((await signer.locator('main').innerText()).includes('fra en kollega'));
    await check(signer, 'nb');
    await shot(signer, 'sign-nb');
    await go(signer, 'button[value=return]');
    await page.goto(`${config.base}/w/felles/-/review`);
    await go(page, 'button[value=submit]');
    await signer.goto(`${config.base}/w/felles/-/sign`);
    await go(signer, 'button[value=sign]');
    await check(signer, 'nb');
    await page.goto(`${config.base}/w/felles`);
    assert.equal(await heading(page), WORDS.nb.thanks);
    await page.goto(`${config.base}/w/felles/-/delegate`);
    await go(page, 'button[value=take]');
    await check(page, 'nb');
    assert.equal(await page.locator('button[value=take]').count(), 1);
    await colleague.reload();
    assert.equal(await heading(colleague), 'Denne lenken gjelder ikke lenger');
    for (const one of [page, colleague, signer]) await close(one);
  },

  async 'every state of a wave has a page'() {
    for (const [wave, words] of Object.entries({ senere: 'ikke åpnet', pause: 'pause', slutt: /stengt|gjelder ikke/ })) {
      const page = await open();
      await page.goto(link(wave));
      assert.match(await heading(page), words instanceof RegExp ? words : new RegExp(words));
      await check(page, 'nb');
      await close(page);
    }
    const page = await open();
    for (const path of ['/', '/s/nobodys-link', '/w/hele', '/w/nowhere/one', '/w/hele/-/review']) {
      await page.goto(config.base + path);
      await check(page, 'nb');
    }
    await close(page);
  },

  async 'the first page is light'() {
    const page = await open();
    const client = await page.context().newCDPSession(page);
    await client.send('Network.enable');
    let bytes = 0;
    client.on('Network.loadingFinished', (event) => { bytes += event.encodedDataLength; });
    await page.goto(link('difi'), { waitUntil: 'networkidle' });
    console.log(`# first page: ${bytes} bytes over the wire`);
    assert.ok(bytes > 1000 && bytes < 40000, `${bytes} bytes`);
    await check(page, 'nb');
    for (let i = 0; i < 12 && !/review/.test(page.url()); i++) {
      if (i === 0) await go(page, 'a.ds-button[data-variant=primary]');
      else await next(page);
      await check(page, 'nb');
      await fits(page);
      await shot(page, `difi-${String(i).padStart(2, '0')}`);
    }
    assert.match(page.url(), /review/);
    await close(page);
  },
};

browser = await launch(config.modules);
let failed = 0;
for (const [name, run] of Object.entries(scenarios)) {
  if (only.length > 0 && !only.some((word) => name.includes(word))) continue;
  const began = Date.now();
  complaints.length = 0;
  try {
    await run();
    assert.deepEqual(complaints, []);
    console.log(`ok ${name} (${Date.now() - began} ms)`);
  } catch (error) {
    failed++;
    console.log(`not ok ${name}\n${error.stack}\n${complaints.join('\n')}`);
    for (const context of browser.contexts()) {
      for (const page of context.pages()) if (shots) await page.screenshot({ path: join(shots, `failed-${failed}.png`), fullPage: true }).catch(() => {});
      await context.close();
    }
  }
}
await browser.close();
process.exit(failed === 0 ? 0 : 1);
