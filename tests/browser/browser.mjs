// SPDX-License-Identifier: GPL-3.0-or-later
// Debian's Chromium without a screen, driven by playwright-core.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

// The shell is the same browser without windows, and starts pages in half the processor's time.
const PROGRAMS = ['chromium-headless-shell', 'chromium', 'chromium-browser'].map((name) => `/usr/bin/${name}`);

/** modules: the folder into which npm has fetched playwright-core. */
export async function launch(modules) {
  const program = PROGRAMS.find(existsSync);
  assert.ok(program, 'chromium is not installed (packages.txt has it)');
  const { chromium } = createRequire(join(modules, 'package.json'))('playwright-core');
  return chromium.launch({ executablePath: program, args: process.getuid() === 0 ? ['--no-sandbox'] : [] });
}
