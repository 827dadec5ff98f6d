// SPDX-License-Identifier: GPL-3.0-or-later
// Pages in headless Chromium: when each first says something, and how smoothly a large map moves. node pages.mjs CONFIG.json, called by
// tests/bench/looking.py; prints one line of JSON: { paint: { view: { next, fresh } }, moved: { gesture: { presented, gap, drawn } } }. next: from
// another page of the daemon; fresh: the first page of a browser process, each { any, said, asked } in ms from the navigation's start.
import { readFileSync } from 'node:fs';
import { launch } from '../browser/browser.mjs';

const config = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const VIEWS = ['overview', 'bottlenecks', 'gaps', 'map', 'matrix', 'actors', 'data', 'cases'];
const PERIOD = 'from=2025-01-01&to=2026-01-01&lang=nb';
const ACTORS = 1000, TIES = 10000, GESTURE_MS = 2000, TURNS = 3;
const STARTED_MS = 1500; // what a new browser does of its own is over, and no page has been asked for

const opened = (browser) => browser.newContext({ ignoreHTTPSErrors: true, locale: 'nb-NO', timezoneId: 'Europe/Oslo', viewport: { width: 1280, height: 900 } });
const browser = await launch(config.modules);
const context = await opened(browser);
context.setDefaultTimeout(60000);
const page = await context.newPage();
await page.goto(`${config.base}/explore/login`);
await page.fill('#token', config.token);
await Promise.all([page.waitForURL(/explore\/?(\?|$)/), page.click('button[type=submit]')]);

/** In the page: asks the browser when the first part that says something of its own was painted (Element Timing: the frame's own time). */
function watch() {
  const mark = () => {
    const part = [...document.querySelectorAll('.part')].find((one) => !one.matches('[aria-busy=true]') && !one.querySelector('.wait, [aria-busy=true]') && one.textContent.trim());
    if (!part || globalThis.isMarked) return;
    globalThis.isMarked = true;
    part.querySelector('h2, h3, p').setAttribute('elementtiming', 'said');
  };
  new MutationObserver(mark).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ['aria-busy'] });
  globalThis.said = new Promise((resolve) => { new PerformanceObserver((list) => resolve(list.getEntries()[0].renderTime)).observe({ type: 'element', buffered: true }); });
}
async function painted(where, view) {
  await where.goto(`${config.base}/explore/${view}?${PERIOD}`, { waitUntil: 'commit' });
  return where.evaluate(async () => ({ said: await globalThis.said, any: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0, asked: performance.getEntriesByType('navigation')[0].requestStart }));
}
const middle = (times) => times.sort((a, b) => a.said - b.said)[Math.floor(times.length / 2)];
const paint = {};
for (const view of VIEWS) { // so that everything is computed and stored
  await page.goto(`${config.base}/explore/${view}?${PERIOD}`);
  await page.waitForFunction(() => document.querySelector('.part') && !document.querySelector('[aria-busy=true], .wait, .past'));
}
const looking = await context.newPage();
await looking.addInitScript(watch);
for (const view of VIEWS) {
  const times = [];
  for (let turn = 0; turn < TURNS; turn++) {
    await looking.goto(`${config.base}/explore/login`);
    times.push(await painted(looking, view));
  }
  paint[view] = { next: middle(times) };
}
await looking.close();
for (const view of VIEWS) {
  const times = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const fresh = await launch(config.modules), own = await opened(fresh);
    await own.addCookies(await context.cookies());
    await own.addInitScript(watch);
    const first = await own.newPage();
    await first.waitForTimeout(STARTED_MS);
    times.push(await painted(first, view));
    await fresh.close();
  }
  paint[view].fresh = middle(times);
}

// ------------------------------------------------------------------ a large map, from a network that is made up
let seed = 1;
const random = () => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed / 2147483648; };
const keys = Array.from({ length: ACTORS }, (_, i) => `actor ${i}`);
const texts = (name, values) => ({ name, is_text: true, texts: values }), numbers = (name, values) => ({ name, numbers: values });
const from = [], to = [];
for (let i = 0; i < TIES; i++) {
  const one = Math.floor(ACTORS * random() ** 2), other = (one + 1 + Math.floor((ACTORS - 1) * random())) % ACTORS;
  from.push(keys[one]);
  to.push(keys[other]);
}
const made = {
  network: [{ name: 'nodes', columns: [texts('actor', keys), texts('name', keys), texts('abbreviation', keys.map((_, i) => `A${i}`)), texts('sector', keys.map((_, i) => `sector ${i % 8}`)), numbers('reported', keys.map(() => 1))] },
    { name: 'edges', columns: [texts('from', from), texts('to', to), numbers('weight', from.map(() => 1 + Math.floor(20 * random() ** 3))), numbers('count', from.map(() => 1))] }],
  layout: [{ name: 'layout', columns: [texts('actor', keys), numbers('x', keys.map(() => random())), numbers('y', keys.map(() => random()))] }],
  centrality: [{ name: 'centrality', columns: [texts('actor', keys), numbers('strength', keys.map(() => 100 * random())), numbers('degree', keys.map(() => 20))] }],
  bottlenecks: [{ name: 'bottlenecks', columns: [texts('actor', []), numbers('median_days', [])] }],
};
await page.route(/\/v1\/results\/(network|layout|centrality|bottlenecks)\?/, (route) => {
  const family = new URL(route.request().url()).pathname.split('/').pop();
  return route.fulfill({ contentType: 'application/json', body: JSON.stringify({ id: '00000000-0000-0000-0000-000000000000', card: { family }, tables: made[family] }) });
});
await page.goto(`${config.base}/explore/map?${PERIOD}`);
await page.waitForSelector('.map canvas');
await page.waitForFunction(() => !document.querySelector('[aria-busy=true], .wait'));
await page.waitForTimeout(500);

/** A gesture for GESTURE_MS, something of it in every callback of requestAnimationFrame; the number of callbacks in which the map was drawn. */
const gesture = (name) => page.evaluate(([name, ms]) => new Promise((resolve) => {
  const canvas = document.querySelector('.map canvas'), box = canvas.getBoundingClientRect(), [nearer, farther] = [...document.querySelectorAll('.part button')].filter((b) => /^[+−-]$/.test(b.textContent.trim()));
  const drag = (type, x) => (type === 'mousedown' ? canvas : window).dispatchEvent(new MouseEvent(type, { bubbles: true, clientX: box.left + 400 + x, clientY: box.top + 200, view: window }));
  const { fillRect } = CanvasRenderingContext2D.prototype;
  let count = 0, drawn = 0, isDrawn = false;
  CanvasRenderingContext2D.prototype.fillRect = function fill(...where) { if (this.canvas === canvas) isDrawn = true; return fillRect.apply(this, where); };
  const begun = performance.now();
  performance.mark('gesture begins');
  if (name === 'pan') drag('mousedown', 0);
  const step = (now) => {
    if (isDrawn) drawn++;
    isDrawn = false;
    if (now - begun > ms) {
      if (name === 'pan') drag('mouseup', 0);
      performance.mark('gesture ends');
      CanvasRenderingContext2D.prototype.fillRect = fillRect;
      resolve(drawn);
      return;
    }
    count++;
    if (name === 'pan') drag('mousemove', 100 * Math.sin(count / 10));
    else if (name === 'zoom') (Math.floor(count / 4) % 2 ? farther : nearer).click();
    else canvas.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, ctrlKey: true, deltaY: 30 * Math.sin(count / 8), clientX: box.left + 300, clientY: box.top + 200 }));
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}), [name, GESTURE_MS]);

// What was shown: Chromium's trace tells of each animation frame when it was presented, after the compositor has drawn and swapped it.
const tracing = await browser.newBrowserCDPSession();
async function traced(name) {
  const events = [], take = (message) => events.push(...message.value);
  tracing.on('Tracing.dataCollected', take);
  await tracing.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['blink.user_timing', 'devtools.timeline'] } });
  const drawn = await gesture(name);
  await page.waitForTimeout(600); // and its last picture, drawn in full
  const ended = new Promise((resolve) => { tracing.once('Tracing.tracingComplete', resolve); });
  await tracing.send('Tracing.end');
  await ended;
  tracing.off('Tracing.dataCollected', take);
  const at = (mark) => events.find((event) => event.name === mark).ts, from = at('gesture begins'), to = at('gesture ends'), { pid } = events.find((event) => event.name === 'gesture begins');
  const shown = events.filter((event) => event.name === 'AnimationFrame::Presentation' && event.pid === pid && event.ts >= from && event.ts < to).map((event) => event.ts).sort((a, b) => a - b);
  const gaps = [from, ...shown, to].map((ts, i, all) => (i ? ts - all[i - 1] : 0));
  const seconds = (to - from) / 1e6;
  return { presented: shown.length / seconds, drawn: drawn / seconds, gap: Math.max(...gaps) / 1000 };
}
const moved = {};
for (const name of ['pan', 'zoom', 'wheel']) moved[name] = await traced(name);
console.log(JSON.stringify({ paint, moved }));
await browser.close();
