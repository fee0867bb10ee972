"""The embedded database after a crash: it comes back where it was, also when nobody has buried the dead."""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

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


def test_after_kill_9_it_starts_again_at_the_same_address(own_cluster: Cluster) -> None:
    address = own_cluster.url("postgres")
    os.kill(int((own_cluster.folder / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    until = time.monotonic() + 20
    while own_cluster.listens() and time.monotonic() < until:
        time.sleep(0.05)
    assert not own_cluster.running()
    own_cluster.start()
    assert own_cluster.url("postgres") == address
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_lock_that_somebody_may_still_hold_stays(own_cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = own_cluster.folder / "data" / "postmaster.pid"
    monkeypatch.setattr("mentormothers.config.embedded._is_zombie", lambda pid: True)
    own_cluster._clear_after_a_crash()
    assert lock.exists(), "its processes work in the folder"
