// SPDX-License-Identifier: GPL-3.0-or-later
// What of a report is too wide where people see it: on A4 paper between its margins, where a browser prints everything smaller for one table that
// is wider, and on a desktop, where it has to be scrolled sideways. node report.mjs MODULES FILE... Called by test_results.py; prints a line for
// each that is too wide, nothing when all fit.
import { launch } from './browser.mjs';

const PAPER = 680; // 210 mm less two margins of 15 mm, in CSS pixels
const [modules, ...files] = process.argv.slice(2);
const browser = await launch(modules);
for (const [media, width] of [['print', PAPER], ['screen', 1280]]) {
  const page = await browser.newPage({ viewport: { width, height: 1000 } });
  await page.emulateMedia({ media });
  for (const file of files) {
    await page.goto(`file://${file}`);
    const wide = await page.evaluate((paper) => [...document.querySelectorAll(paper ? 'table, p, li, pre, dd' : '.scroll')]
      .map((one) => [one.id || one.querySelector('table')?.id || one.tagName, Math.round(paper ? one.getBoundingClientRect().right - paper : one.scrollWidth - one.clientWidth)])
      .filter(([, over]) => over > 0), media === 'print' ? PAPER : 0);
    for (const [name, over] of wide) console.log(`${file}: ${media}: ${name} is ${over} pixels too wide`);
  }
}
await browser.close();
