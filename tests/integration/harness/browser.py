# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's Chromium, which tests/browser/browser.mjs starts."""
import shutil


def chromium_is_missing():
    return not any(shutil.which(name) for name in ("chromium-headless-shell", "chromium", "chromium-browser"))
