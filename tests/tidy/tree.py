# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tidy tests share: the project's own files, C without comments and strings, and one way of reporting."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUTSIDE = {"build", "var", ".git", ".cache", "__pycache__", ".pytest_cache"}
TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|//[^\n]*|/\*.*?\*/', re.S)


def files(*suffixes):
    """Paths relative to the root of the files that belong to the project: those git knows or would add; without git, all."""
    try:
        listed = subprocess.run(["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                                check=True, capture_output=True).stdout.decode().split("\0")
        found = [pathlib.Path(name) for name in listed if name and (ROOT / name).is_file()]
    except (OSError, subprocess.CalledProcessError):
        found = [p.relative_to(ROOT) for p in ROOT.rglob("*") if p.is_file()]
    found = [p for p in found if not OUTSIDE & set(p.parts)]
    return sorted(p for p in found if not suffixes or p.suffix in suffixes or p.name in suffixes)


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def code(text, strings=True):
    """C with comments blanked (and the content of strings too), line numbers kept."""
    def blank(match):
        token = match.group(0)
        if token[0] == "/":
            return re.sub(r"[^\n]", " ", token)
        return token if strings else token[0] + " " * (len(token) - 2) + token[-1]
    return TOKEN.sub(blank, text)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def finish(problems, checked, what):
    """Prints the problems, or how much was looked at: a test that looked at nothing fails."""
    for problem in problems:
        print(problem)
    if not checked:
        print(f"nothing to check: no {what} found")
        sys.exit(1)
    print(f"{checked} {what}, {len(problems)} problems")
    sys.exit(1 if problems else 0)
