# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the end-to-end tests. Programs are found through SAMORDNING_BUILD, real data through SAMORDNING_SHARED_DATA."""
import os
import pathlib
import shutil
import signal
import sys
import tempfile

import pytest

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent.parent
BUILD = pathlib.Path(os.environ.get("SAMORDNING_BUILD", SOURCE / "build" / "dev"))
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(BUILD / "tests" / "integration" / "generated"))

from harness import waiting  # noqa: E402
from harness.daemon import Daemon, Programs  # noqa: E402
from harness.postgres import Postgres  # noqa: E402

if "sanitize" in os.environ.get("SAMORDNING_FLAVOUR", ""):
    waiting.SLOWNESS = 4.0
waiting.SLOWNESS = float(os.environ.get("SAMORDNING_SLOWNESS", waiting.SLOWNESS))


def pytest_configure(config):
    """CTest ends what is too late with SIGKILL, daemons included, and their PostgreSQL would stay. End in time ourselves instead,
    so that fixtures stop what they started; also on SIGTERM."""
    def give_up(number, _):
        signal.alarm(0)
        pytest.exit(f"ended by {signal.Signals(number).name}: time is up", returncode=3)
    signal.signal(signal.SIGALRM, give_up)
    signal.signal(signal.SIGTERM, give_up)
    signal.alarm(int(os.environ.get("SAMORDNING_TEST_SECONDS", "0")))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    if outcome.get_result().failed:
        item.session.had_failure = True
        item.module_failed = True
        getattr(item, "module", item).__dict__["_had_failure"] = True


@pytest.fixture(scope="session")
def programs():
    found = Programs(BUILD)
    assert found.daemon.exists(), f"{found.daemon} is not built"
    return found


def _finish(daemon, failed):
    problems = daemon.remove()
    if failed or problems:
        kept = pathlib.Path(tempfile.gettempdir()) / f"samordning-failed-{daemon.root.name[-8:]}"
        kept.mkdir(exist_ok=True)
        for run in daemon.runs:
            if run.log.exists():
                shutil.copy(run.log, kept)
        for log in daemon.state.glob("**/*.log"):
            shutil.copy(log, kept)
        print(f"\nlogs are kept in {kept}", file=sys.stderr)
    daemon.erase()
    assert not problems, "\n".join(problems)


@pytest.fixture(scope="module")
def module_daemon(request, programs):
    """One running daemon for all tests of a file. A file may name settings in DAEMON_SETTINGS, what is in its environment in
    DAEMON_ENVIRONMENT, and say CLIENTS_MUST_NOT_LEAK = True."""
    daemon = Daemon(programs, settings=getattr(request.module, "DAEMON_SETTINGS", None))
    daemon.clients_must_not_leak = getattr(request.module, "CLIENTS_MUST_NOT_LEAK", False)
    try:
        yield daemon.start(env=getattr(request.module, "DAEMON_ENVIRONMENT", None))
    finally:
        _finish(daemon, request.module.__dict__.get("_had_failure", False))


@pytest.fixture
def make_daemon(request, programs):
    """Makes daemons of a test's own; they are stopped and removed whatever happens."""
    made = []

    def make(settings=None, start=True, **more):
        daemon = Daemon(programs, settings=settings, **more)
        made.append(daemon)
        return daemon.start() if start else daemon
    yield make
    failed = request.module.__dict__.get("_had_failure", False)
    errors = []
    for daemon in reversed(made):
        try:
            _finish(daemon, failed)
        except AssertionError as error:
            errors.append(str(error))
    assert not errors, "\n".join(errors)


@pytest.fixture
def make_postgres(programs):
    made = []

    def make(primary=None):
        root = pathlib.Path(tempfile.mkdtemp(prefix="samordning-test-pg-", dir="/tmp"))
        root.chmod(0o755)
        postgres = Postgres(programs.templates, root / "cluster", primary)
        made.append((postgres, root))
        return postgres.start()
    yield make
    for postgres, root in made:
        postgres.remove()
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
def shared_data():
    """The folder of real data; tests that need it are skipped, saying so, where it is missing."""
    path = pathlib.Path(os.environ.get("SAMORDNING_SHARED_DATA", SOURCE.parent / "shared" / "data"))
    if not path.is_dir():
        pytest.skip(f"real data is not here: {path} is missing (set SAMORDNING_SHARED_DATA)")

    def folder(name):
        if not (path / name).is_dir():
            pytest.skip(f"real data is not here: {path / name} is missing")
        return path / name
    return folder


@pytest.fixture(scope="session")
def simulate(programs):
    """Makes sample years, once per plan and session: simulate(plant="none", interactions=500) -> Sample."""
    from harness.sample import Sample
    root = pathlib.Path(tempfile.mkdtemp(prefix="samordning-test-sample-", dir="/tmp"))
    made = {}

    def make(**plan):
        key = tuple(sorted(plan.items()))
        if key not in made:
            made[key] = Sample(programs, root / str(len(made)), **plan)
        return made[key]
    yield make
    shutil.rmtree(root, ignore_errors=True)
