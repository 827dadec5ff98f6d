# SPDX-License-Identifier: GPL-3.0-or-later
"""samordning simulate as a command: same seed same files, taken as they are; bad wishes are named."""
import hashlib
import subprocess

import pytest

from harness.process import SANITIZER, environment


def run(programs, *arguments):
    done = subprocess.run([str(programs.client), "simulate", *map(str, arguments)], capture_output=True, text=True,
                          env=environment(), timeout=120)
    assert not SANITIZER.search(done.stderr), done.stderr
    return done


def contents(directory):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in directory.iterdir()}


def test_the_same_seed_gives_the_same_files(programs, tmp_path):
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        assert run(programs, "--out", tmp_path / name, "--seed", seed, "--interactions", 800).returncode == 0
    a, b, c = (contents(tmp_path / name) for name in "abc")
    assert a == b
    assert {"actors.csv", "cases.csv", "need.csv", "reorganisations.csv", "submitters.csv", "truth.json"} < set(a) and len(a) == 17 + 6
    assert a["interactions-972417807.csv"] != c["interactions-972417807.csv"] and a["actors.csv"] == c["actors.csv"]


def test_every_file_passes_the_client_s_own_checks(programs, tmp_path):
    """Without a daemon: submit --dry-run reads, maps and validates every row of every ministry's file."""
    assert run(programs, "--out", tmp_path, "--interactions", 3000).returncode == 0
    for path in sorted(tmp_path.glob("interactions-*.csv")):
        done = subprocess.run([str(programs.client), "submit", "--dry-run", str(path)], capture_output=True, text=True,
                              env=environment(HOME=str(tmp_path)), timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
    assert not list(tmp_path.glob("*.rejected.csv"))


def test_before_2024_a_ministry_is_missing(programs, simulate):
    sample = simulate(year=2014, interactions=300, plant="none")
    assert len(sample.submitters()) == 16 and "932384469" not in sample.register()
    assert sample.register()["991825827"]["parent"] == "972417858", "Digdir was below KDD then"


def test_what_is_planted_is_told(simulate):
    planted = simulate(interactions=300, plant="slow=JD:0.25,gap=miljø-sikkerhet").truth["planted"]
    assert planted["slow"] == {"actor": "972417831", "abbreviation": "JD", "strength": 0.25}
    assert planted["gap"] == {"sectors": ["miljø", "sikkerhet"], "strength": 0.8}
    assert "broker" not in planted


@pytest.mark.parametrize("arguments, words", [
    ((), "--out"),
    (("--plant", "slow=XX"), "XX"),
    (("--plant", "gap=velferd-tull"), "tull"),
    (("--strength", "2"), "2"),
    (("--year", "1999"), "1999"),
    (("--interactions", "0"), "0"),
    (("--plant", "slow=DFD", "--year", "2020"), "DFD"),
    (("noe-annet",), "noe-annet"),
])
def test_bad_wishes_are_named(programs, tmp_path, arguments, words):
    done = run(programs, *(("--out", tmp_path / "x") if arguments else ()), *arguments)
    assert done.returncode == 1 and words in done.stderr, done.stderr
    assert not (tmp_path / "x").exists()


def test_a_place_that_cannot_be_written(programs):
    done = run(programs, "--out", "/proc/finnes/ikke", "--interactions", "10")
    assert done.returncode == 7 and "/proc/finnes/ikke" in done.stderr
