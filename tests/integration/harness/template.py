# SPDX-License-Identifier: GPL-3.0-or-later
"""What every daemon and cluster of the tests begins with, made once by the real programs and copied from then on: initdb, the migrations and
the keys take seconds of a processor, a copy a tenth of one. Copies have the same keys; daemons that meet in one test have a database in common."""
import fcntl
import hashlib
import pathlib
import shutil
import subprocess
import tempfile


def copy(source, target):
    """With owners and modes, which PostgreSQL insists on."""
    subprocess.run(["cp", "-a", "--reflink=auto", "-T", source, target], check=True)


def copy_of(folder, name, version, make, target):
    """Copies folder/name to `target`. make(path) makes it first where there is none of this version; whoever wants one meanwhile waits."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / f"{name}-{hashlib.sha256(repr(version).encode()).hexdigest()[:16]}"
    with open(folder / f"{name}.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            for old in folder.glob(f"{name}-*"):
                shutil.rmtree(old)
            with tempfile.TemporaryDirectory(prefix="samordning-test-template-", dir="/tmp") as place:
                pathlib.Path(place).chmod(0o755)    # PostgreSQL runs as another user and must get through, which it may not in the build
                make(pathlib.Path(place) / "made")
                copy(pathlib.Path(place) / "made", folder / f"{name}-new")
            (folder / f"{name}-new").rename(made)
        fcntl.flock(lock, fcntl.LOCK_SH)
        copy(made, target)


def version_of(program):
    """Differs when the program was built again."""
    found = pathlib.Path(program).stat()
    return str(program), found.st_mtime_ns, found.st_size
