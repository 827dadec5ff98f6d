# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking: when the pages first say something, and how smoothly a map of 1,000 actors moves, in headless Chromium."""
import json
import os
import re
import subprocess

from bench import RESEARCHER, SOURCE


def pages(bench):
    """Every view of a simulated year, stored; then a map of 1,000 actors and 10,000 ties, dragged and zoomed for two seconds each."""
    from harness.api import token
    from harness.browser import chromium_is_missing
    from harness.daemon import OPERATOR
    from harness.process import free_port
    from harness.sample import Sample
    modules = bench.build / "tests" / "browser"
    if chromium_is_missing():
        print("pages: skipped, chromium is not installed (packages.txt has it)")
        return
    daemon = bench.daemon
    daemon.configure(web_listen=f"127.0.0.1:{free_port()}", condense_quiet_ms=100)
    daemon.restart()
    web = re.search(r"^web_listen = (.*)$", daemon.config.read_text(), re.M).group(1)
    sample = Sample(daemon.programs, daemon.root / "sample", year=2025, interactions=bench.scaled(20000))
    for verb, name in (("actors", "actors"), ("cases", "cases"), ("need", "need"), ("reorganisations", "reorganisations")):
        daemon.client(OPERATOR, verb, "import", sample.directory / f"{name}.csv", check=True)
    sample.enrol_submitters(daemon)
    for reporter, path, _, _ in sample.files:
        daemon.client(reporter, "submit", path, check=True, timeout=600)
    bench.wait_condensed()
    config = daemon.root / "pages.json"
    config.write_text(json.dumps({"base": f"https://{web}", "token": token(daemon, orgnr=RESEARCHER), "modules": str(modules)}))
    done = subprocess.run([os.environ.get("SAMORDNING_NODE", "node"), SOURCE / "tests" / "bench" / "pages.mjs", config], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    told = json.loads(done.stdout)
    for view, times in told["paint"].items():
        for which, of in (("next", "from another page"), ("fresh", "first of a browser")):
            said = times[which]["said"]
            bench.report(f"page {view}, {of}: first words or figure", said, "ms", said / 1000, lambda r: r <= 1,
                         note=f"ratio to 1 s; anything at all {times[which]['any']:.0f} ms, asked for after {times[which]['asked']:.0f} ms")
    for gesture, rates in told["moved"].items():
        shown = min(rates["presented"], rates["drawn"])
        bench.report(f"map of 1,000 actors and 10,000 ties: {gesture}", shown, "frames/s", shown / 30, lambda r: r >= 1,
                     note=f"ratio to 30; presented {rates['presented']:.1f}, drawn {rates['drawn']:.1f}, longest gap {rates['gap']:.0f} ms")
