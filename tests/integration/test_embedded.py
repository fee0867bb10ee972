"""The embedded database after a crash: it comes back where it was, also when nobody has buried the dead."""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import psycopg
import pytest

from mentormothers.config.embedded import Cluster


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    with tempfile.TemporaryDirectory(prefix="mm-embedded-") as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(Path(folder) / "postgresql", durable=False)
        cluster.start()
        yield cluster
        cluster.stop()


def _wait_for_its_end(cluster: Cluster) -> None:
    until = time.monotonic() + 20
    while cluster.running() and time.monotonic() < until:
        time.sleep(0.05)
    assert not cluster.running()


def test_after_kill_9_it_starts_again_at_the_same_address(own_cluster: Cluster) -> None:
    address = own_cluster.url("postgres")
    os.kill(int((own_cluster.folder / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    _wait_for_its_end(own_cluster)
    own_cluster.start()
    assert own_cluster.url("postgres") == address
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_after_kill_9_it_waits_for_the_servers_children(own_cluster: Cluster) -> None:
    server = int((own_cluster.folder / "data" / "postmaster.pid").read_text().split()[0])
    child = int(Path(f"/proc/{server}/task/{server}/children").read_text().split()[0])
    os.kill(child, signal.SIGSTOP)  # it does not notice yet
    os.kill(server, signal.SIGKILL)
    _wait_for_its_end(own_cluster)
    Timer(1, os.kill, (child, signal.SIGCONT)).start()
    own_cluster.start()
    with psycopg.connect(own_cluster.url("postgres")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_lock_that_somebody_may_still_hold_stays(own_cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = own_cluster.folder / "data" / "postmaster.pid"
    monkeypatch.setattr("mentormothers.config.embedded._state", lambda pid: "Z")
    monkeypatch.setattr("mentormothers.config.embedded._PATIENCE", 0.2)
    own_cluster._clear_after_a_crash()
    assert lock.exists(), "its processes work in the folder"
