# SPDX-License-Identifier: GPL-3.0-or-later
"""The form in a real browser (tests/browser/form.mjs): the whole way in three languages, keyboard, phone, zoom, without scripts, and WCAG 2.1 AA
by axe-core on every page."""
import json
import os
import pathlib
import subprocess

import pytest

from conftest import BUILD, SOURCE
from harness import waiting
from harness.browser import chromium_is_missing
from harness.form import House, SETTINGS

DAEMON_SETTINGS = SETTINGS


def test_the_form_in_chromium(module_daemon):
    if chromium_is_missing():
        pytest.skip("chromium is not installed (packages.txt has it)")
    house = House(module_daemon)
    config = module_daemon.root / "browser.json"
    shots = os.environ.get("SAMORDNING_SHOTS")
    config.write_text(json.dumps({"base": house.base, "links": house.links, "modules": str(BUILD / "tests" / "browser"), "slowness": waiting.SLOWNESS,
                                  "shots": str(pathlib.Path(shots).resolve()) if shots else None}), encoding="utf-8")
    done = subprocess.run([os.environ.get("SAMORDNING_NODE", "node"), SOURCE / "tests" / "browser" / "form.mjs", config], capture_output=True, text=True, check=False)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("\nok ") + done.stdout.startswith("ok ") >= 15, done.stdout
