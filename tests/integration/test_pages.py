# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages below /explore in a real browser (tests/browser/pages.mjs), on a small sample year: every view whole and accessible, three languages,
keyboard, phone and print, figures and data taken away."""
import json
import os
import pathlib
import re
import subprocess

import pytest

from conftest import BUILD, SOURCE
from harness import waiting
from harness.api import token
from harness.browser import chromium_is_missing
from harness.daemon import OPERATOR, RESEARCHER

DAEMON_SETTINGS = {"web_listen": "127.0.0.1:0", "condense_quiet_ms": 100}


def test_the_pages_in_chromium(module_daemon, simulate):
    if chromium_is_missing():
        pytest.skip("chromium is not installed (packages.txt has it)")
    sample = simulate(year=2025, interactions=800, seed=11)
    daemon = sample.into(module_daemon)
    for verb in ("cases", "need", "reorganisations"):
        daemon.client(OPERATOR, verb, "import", sample.directory / f"{verb}.csv", check=True)
    names = daemon.root / "names.csv"
    names.write_text("key,kind,name_nb,valid_from\nPRØV,agency,Direktoratet for prøver,2019-03-01\n", encoding="utf-8")
    daemon.client(OPERATOR, "actors", "import", names, check=True)
    names.write_text("key,name_nb,valid_from\nPRØV,Prøvedirektoratet,2025-06-01\n", encoding="utf-8")
    daemon.client(OPERATOR, "actors", "import", names, check=True)
    port = re.search(r'msg="listening for the web" address=127\.0\.0\.1:(\d+)', daemon.process.text())[1]
    shots = os.environ.get("SAMORDNING_SHOTS")
    config = daemon.root / "pages.json"
    config.write_text(json.dumps({"base": f"https://127.0.0.1:{port}", "token": token(daemon, orgnr=RESEARCHER), "modules": str(BUILD / "tests" / "browser"), "slowness": waiting.SLOWNESS,
                                  "shots": str(pathlib.Path(shots).resolve()) if shots else None}), encoding="utf-8")
    done = subprocess.run([os.environ.get("SAMORDNING_NODE", "node"), SOURCE / "tests" / "browser" / "pages.mjs", config], capture_output=True, text=True, check=False)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("\nok ") + done.stdout.startswith("ok ") >= 33, done.stdout
