// SPDX-License-Identifier: GPL-3.0-or-later
// Joins style sheets and scripts, compresses everything and writes it as C: node build.mjs NODE_MODULES OUT PO
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const [modules, out, po] = process.argv.slice(2);
const designsystemet = join(modules, '@digdir', 'designsystemet-css', 'dist');

// What the form uses, and nothing else: the whole of Designsystemet is ten times as large.
const BASE = ['base', 'heading', 'label', 'paragraph', 'validation-message']; // in its layer ds.base, the others in ds.components
const COMPONENTS = ['base', 'heading', 'label', 'paragraph', 'link', 'list', 'skip-link', 'validation-message', 'button', 'field', 'input',
  'fieldset', 'details', 'alert', 'error-summary', 'tag', 'table'];
// Compressed bytes at most: the form's together far below 100 kB with the first page; of the pages 500 kB of script before compression.
const MOST = { 'style/form': 24 * 1024, 'script/form': 6 * 1024, 'icon/icon': 1024, 'style/explore': 32 * 1024, 'script/explore': 160 * 1024, 'page/explore': 2048, 'words/nb': 160 * 1024, 'words/nn': 160 * 1024, 'words/en': 16 * 1024 };
const SCRIPT_MOST = 500 * 1000;

function minified(css) {
  return css.replace(/\/\*[^]*?\*\//g, '').replace(/\s+/g, ' ').replace(/ ?([{};,]) ?/g, '$1').replace(/;}/g, '}').trim();
}

const layers = '@layer ds.theme,ds.base,ds.components;';
const sheets = [join(designsystemet, 'theme', 'designsystemet.css'), ...COMPONENTS.map((name) => join(designsystemet, 'src', `${name}.css`))]
  .map((path) => readFileSync(path, 'utf8'));
const components = sheets.slice(1).map((sheet, i) => `@layer ds.${BASE.includes(COMPONENTS[i]) ? 'base' : 'components'}{${sheet.replace(/@charset[^;]*;/, '')}}`);
const style = layers + sheets[0].replace(/@charset[^;]*;/, '') + components.join('') + minified(readFileSync(join(here, 'form.css'), 'utf8'));
const script = readFileSync(join(here, 'form.js'), 'utf8').replace(/^\s*\/\/.*\n/gm, '').replace(/^ +/gm, '');
const icon = readFileSync(join(here, 'icon.svg'), 'utf8').trim();

// ------------------------------------------------------------------ the pages below /explore
// d3's modules as they are published, each adding to one object `d3`, in the order they need each other.
const D3 = ['color', 'interpolate', 'array', 'format', 'time', 'time-format', 'scale', 'selection', 'dispatch', 'timer', 'ease', 'transition', 'drag', 'zoom', 'quadtree'];
const library = D3.map((name) => readFileSync(join(modules, `d3-${name}`, 'dist', `d3-${name}.min.js`), 'utf8').replace(/^\/\/.*\n/, '')).join(';\n');
// Ours, each after what it imports; joined they are one module, so no two may have a name in common (checked below).
const EXPLORE = ['base', 'address', 'api', 'chart', 'figure', 'overview', 'bottlenecks', 'cases', 'between', 'gaps', 'map', 'matrix', 'actors', 'data', 'main'];

/** { msgid: msgstr } of a .po file; of a message with a plural [for one, for many]. */
function catalogue(text) {
  const found = {};
  for (const entry of text.split(/\n\n+/)) {
    const fields = new Map();
    let field = '';
    for (const line of entry.split('\n').filter((one) => one.includes('"') && !one.startsWith('#'))) {
      field = /^(msg\S+) "/.exec(line)?.[1] ?? field;
      fields.set(field, (fields.get(field) ?? '') + JSON.parse(line.slice(line.indexOf('"'))));
    }
    if (fields.get('msgid')) found[fields.get('msgid')] = fields.get('msgstr') ?? [fields.get('msgstr[0]'), fields.get('msgstr[1]')];
  }
  return found;
}

// Results have no plurals: those of the catalogue are the report's.
const said = (found) => Object.fromEntries(Object.entries(found).filter(([, text]) => typeof text === 'string'));
// In English what has a quantity (po/catalogue.h), which is written otherwise than it was printed.
const counted = (found) => Object.fromEntries(Object.keys(said(found)).filter((text) => /%[+#0-9. ]*(?:ll|z|l)?[diufge]/.test(text)).map((text) => [text, text]));
const analysis = (code) => catalogue(readFileSync(join(po, '..', 'samordning-analyse', `${code}.po`), 'utf8'));

function joined() {
  const catalogues = Object.fromEntries(['nb', 'nn'].map((code) => [code, catalogue(readFileSync(join(po, `${code}.po`), 'utf8'))]));
  const borrowed = new Set();
  const parts = EXPLORE.map((name) => {
    const text = readFileSync(join(here, 'explore', `${name}.js`), 'utf8').replace(/^\s*\/\/.*\n/gm, '').replace(/^ +/gm, '');
    const seen = new Set(EXPLORE.slice(0, EXPLORE.indexOf(name)));
    return text.replace(/^import \{([^}]*)\} from '([^']*)';\n/gm, (whole, names, from) => {
      if (from.startsWith('./') && !seen.has(from.slice(2, -3))) throw new Error(`explore/${name}.js imports ${from}, which comes after it`);
      if (!from.startsWith('./')) for (const one of names.split(',')) borrowed.add(one.trim().replace(' as ', ': '));
      return '';
    }).replace(/^export /gm, '');
  });
  return `const { ${[...borrowed].join(', ')} } = d3;\nconst CATALOGUE = ${JSON.stringify(catalogues)};\n${parts.join('')}`;
}
const ours = joined();
const checked = spawnSync(process.execPath, ['--input-type=module', '--check'], { input: ours, encoding: 'utf8' });
if (checked.status !== 0) throw new Error(`explore: ${checked.stderr}`);
const pages = `${library}\n${ours}`;
if (Buffer.byteLength(pages) > SCRIPT_MOST) throw new Error(`the pages' script has grown to ${Buffer.byteLength(pages)} bytes (at most ${SCRIPT_MOST})`);

const assets = [
  { kind: 'style', name: 'form', extension: 'css', type: 'text/css; charset=utf-8', text: style },
  { kind: 'script', name: 'form', extension: 'js', type: 'text/javascript; charset=utf-8', text: script },
  { kind: 'icon', name: 'icon', extension: 'svg', type: 'image/svg+xml', text: icon },
  { kind: 'style', name: 'explore', extension: 'css', type: 'text/css; charset=utf-8', text: style + minified(readFileSync(join(here, 'explore', 'explore.css'), 'utf8')) },
  { kind: 'script', name: 'explore', extension: 'js', type: 'text/javascript; charset=utf-8', text: pages },
  // What the analysis says of its numbers, in the reader's language; fetched beside the first result, in English when it has long numbers.
  ...Object.entries({ nb: said(analysis('nb')), nn: said(analysis('nn')), en: counted(analysis('nb')) })
    .map(([code, words]) => ({ kind: 'words', name: code, extension: 'json', type: 'application/json', text: JSON.stringify(words) })),
  { kind: 'page', name: 'explore', extension: 'html', type: 'text/html; charset=utf-8', text: readFileSync(join(here, 'explore', 'shell.html'), 'utf8').trim() },
];

function bytes(buffer) {
  const lines = [];
  for (let i = 0; i < buffer.length; i += 32) lines.push([...buffer.subarray(i, i + 32)].join(','));
  return lines.join(',\n');
}

let arrays = '';
let rows = '';
const paths = {};
for (const asset of assets) {
  // a page names what came before it
  const plain = Buffer.from(asset.text.replace(/\{\{(\w+\/\w+)\}\}/g, (whole, name) => paths[name]), 'utf8');
  const packed = gzipSync(plain, { level: 9 });
  const digest = createHash('sha256').update(plain).digest('hex').slice(0, 12);
  const key = `${asset.kind}/${asset.name}`;
  if (packed.length > MOST[key]) throw new Error(`${key} has grown to ${packed.length} bytes (at most ${MOST[key]})`);
  paths[key] = `/static/${asset.name}.${digest}.${asset.extension}`;
  const variable = key.replace('/', '_');
  arrays += `static const unsigned char plain_${variable}[] = {\n${bytes(plain)}};\nstatic const unsigned char packed_${variable}[] = {\n${bytes(packed)}};\n`;
  rows += `    {"${paths[key]}", "\\"${digest}\\"", "${asset.type}", plain_${variable}, sizeof plain_${variable}, packed_${variable}, sizeof packed_${variable}},\n`;
}
writeFileSync(join(out, 'web_asset_data.h'), `/* generated by client/web/build.mjs */
#ifndef WEB_ASSET_DATA_H
#define WEB_ASSET_DATA_H
#include <stddef.h>
struct web_asset_data { const char *path, *etag, *type; const unsigned char *plain; size_t plain_size; const unsigned char *packed; size_t packed_size; };
extern const struct web_asset_data web_asset_data[]; /* enum web_asset */
#endif
`);
writeFileSync(join(out, 'web_asset_data.c'), `/* generated by client/web/build.mjs */
#include "web_asset_data.h"
${arrays}const struct web_asset_data web_asset_data[] = {\n${rows}};\n`);
