// SPDX-License-Identifier: GPL-3.0-or-later
// What of an HTML file is wider than A4 paper between its margins, where a browser prints everything smaller: node paper.mjs MODULES FILE...
// Called by test_results.py. Prints a line for each table that is too wide; nothing when all fit.
import { launch } from './browser.mjs';

const PAPER = 680; // 210 mm less two margins of 15 mm, in CSS pixels
const [modules, ...files] = process.argv.slice(2);
const browser = await launch(modules);
const page = await browser.newPage({ viewport: { width: PAPER, height: 1000 } });
await page.emulateMedia({ media: 'print' });
for (const file of files) {
  await page.goto(`file://${file}`);
  const wide = await page.evaluate((paper) => [...document.querySelectorAll('table, p, li, pre, dd')].filter((one) => one.getBoundingClientRect().right > paper)
    .map((one) => `${one.id || one.tagName} ends at ${Math.round(one.getBoundingClientRect().right)} of ${paper}`), PAPER);
  for (const line of wide) console.log(`${file}: ${line}`);
}
await browser.close();
