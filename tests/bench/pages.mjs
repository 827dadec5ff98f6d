// SPDX-License-Identifier: GPL-3.0-or-later
// Pages in headless Chromium: when each first says something, and how smoothly a large map moves. node pages.mjs CONFIG.json, called by
// tests/bench/looking.py; prints one line of JSON: { paint: { view: [ms of anything, ms of first words or figure, the same two in a process of the browser's that begins with it] }, frames: { gesture: per second } }.
import { createRequire } from 'node:module';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const config = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { chromium } = createRequire(join(config.modules, 'package.json'))('playwright-core');
const VIEWS = ['overview', 'bottlenecks', 'gaps', 'map', 'matrix', 'actors', 'data', 'cases'];
const PERIOD = 'from=2025-01-01&to=2026-01-01&lang=nb';
const ACTORS = 1000, TIES = 10000, GESTURE_MS = 2000;

const browser = await chromium.launch({ executablePath: ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync), args: ['--no-sandbox'] });
const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'nb-NO', timezoneId: 'Europe/Oslo', viewport: { width: 1280, height: 900 } });
context.setDefaultTimeout(60000);
const page = await context.newPage();
await page.goto(`${config.base}/explore/login`);
await page.fill('#token', config.token);
await Promise.all([page.waitForURL(/explore\/?(\?|$)/), page.click('button[type=submit]')]);

/** Milliseconds from asking for a page to the frame in which its first part says something of its own: words or a drawing. */
async function painted(view, from) {
  await page.goto(from);
  await page.goto(`${config.base}/explore/${view}?${PERIOD}`, { waitUntil: 'commit' });
  return page.evaluate(() => new Promise((resolve) => {
    const look = () => {
      const said = [...document.querySelectorAll('.part')].some((part) => !part.matches('[aria-busy=true]') && !part.querySelector('.wait, [aria-busy=true]') && part.textContent.trim());
      if (said) requestAnimationFrame(() => setTimeout(() => resolve([performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0, performance.now()])));
      else requestAnimationFrame(look);
    };
    look();
  }));
}
const paint = {};
for (const view of VIEWS) { // once so that everything is computed and stored, then three times; the one in the middle counts
  await page.goto(`${config.base}/explore/${view}?${PERIOD}`);
  await page.waitForFunction(() => document.querySelector('.part') && !document.querySelector('[aria-busy=true], .wait'));
  const middle = async (start) => {
    const times = [];
    for (let turn = 0; turn < 3; turn++) times.push(await painted(view, start));
    return times.sort((a, b) => a[1] - b[1])[1];
  };
  paint[view] = [...await middle(`${config.base}/explore/login`), ...await middle('about:blank')];
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

/** Callbacks of requestAnimationFrame a second while `gesture` goes on in each. They say that the script keeps up, not what was shown. */
const frames = (gesture) => page.evaluate(([name, ms]) => new Promise((resolve) => {
  const canvas = document.querySelector('.map canvas'), box = canvas.getBoundingClientRect(), [nearer, farther] = [...document.querySelectorAll('.part button')].filter((b) => /^[+−-]$/.test(b.textContent.trim()));
  const drag = (type, x) => (type === 'mousedown' ? canvas : window).dispatchEvent(new MouseEvent(type, { bubbles: true, clientX: box.left + 400 + x, clientY: box.top + 200, view: window }));
  let count = 0;
  const begun = performance.now();
  if (name === 'pan') drag('mousedown', 0);
  const step = (now) => {
    if (now - begun > ms) {
      if (name === 'pan') drag('mouseup', 0);
      resolve((1000 * count) / (now - begun));
      return;
    }
    count++;
    if (name === 'pan') drag('mousemove', 100 * Math.sin(count / 10));
    else if (name === 'zoom') (Math.floor(count / 4) % 2 ? farther : nearer).click();
    else canvas.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, ctrlKey: true, deltaY: 30 * Math.sin(count / 8), clientX: box.left + 300, clientY: box.top + 200 }));
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}), [gesture, GESTURE_MS]);
const moved = {};
for (const gesture of ['pan', 'zoom', 'wheel']) {
  moved[gesture] = await frames(gesture);
  await page.waitForTimeout(600);
}
console.log(JSON.stringify({ paint, frames: moved }));
await browser.close();
