# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents that are tried: the fenced blocks of a page of docs/, and a shell that runs its commands as a reader would."""
import pathlib
import re
import subprocess

from .process import SANITIZER, environment

SOURCE = pathlib.Path(__file__).resolve().parents[3]


def blocks(name):
    """(language, text) of each fenced block of docs/NAME, from the first to the last."""
    text = (SOURCE / "docs" / name).read_text(encoding="utf-8")
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.M | re.S)


class Reader:
    """Who types what the page says: `samordning` is found, the operator's bundle is set, and everything happens in one folder."""

    def __init__(self, daemon, orgnr, folder):
        self.folder = folder
        folder.mkdir()
        env = environment(**daemon.home(), SAMORDNING_BUNDLE=str(daemon.bundle(orgnr)))
        env["PATH"] = f"{daemon.programs.client.parent}:{env['PATH']}"
        env["ASAN_OPTIONS"] += ":detect_leaks=0"
        self.env = env

    def run(self, command, text, where=""):
        """One block, by `command`; ends the test where the block fails. Gives what was printed, errors among it."""
        done = subprocess.run([*command, text], cwd=self.folder / where, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=300, check=False)
        assert done.returncode == 0 and not SANITIZER.search(done.stdout), f"{text}\nended with {done.returncode}:\n{done.stdout}"
        return done.stdout

    def shell(self, text):
        return self.run(["bash", "-euo", "pipefail", "-c"], text)
