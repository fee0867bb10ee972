"""Starting and stopping as people do it: the demo again and anew, a busy port, a server of a programme."""

import contextlib
import http.client
import json
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from mentormothers.config.embedded import Cluster
from tests.functional.running import PROGRAM, Demo, running, wait_until

ACKNOWLEDGEMENT = "no protocol is signed off by a ministry: synthetic people only"
ALLOWED = {"MENTORMOTHERS_UNSIGNED_PROTOCOLS": ACKNOWLEDGEMENT}


@pytest.fixture(scope="module")
def own_demo() -> Iterator[Demo]:
    with tempfile.TemporaryDirectory(prefix="mm-serving-") as folder, running(Demo(Path(folder))) as demo:
        yield demo


@pytest.fixture
def empty(tmp_path: Path) -> Demo:
    """An installation in which nothing has happened yet."""
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    return Demo(tmp_path)


def ask(demo: Demo, sql: str) -> str:
    """One value out of the demo's database, asked by its owner."""
    script = f"""
from mentormothers.config.starting import django_running
with django_running():
    from django.db import connections
    with connections["owner"].cursor() as cursor:
        cursor.execute({sql!r})
        print(cursor.fetchone()[0])
"""
    done = subprocess.run(
        [PROGRAM.parent / "python", "-c", script], env=demo.environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def records(demo: Demo) -> int:
    return int(ask(demo, "SELECT COUNT(*) FROM record"))


def processes_of(demo: Demo) -> list[str]:
    """The programs still running that know this demo's folder or port."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            environment = (folder / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if str(demo.folder) in words or f"MENTORMOTHERS_STATE={demo.folder}" in environment:
            found.append(words)
    return found


def test_the_demo_says_where_it_is_who_may_enter_and_what_to_try(own_demo: Demo) -> None:
    said = own_demo.said.read_text()
    for words in (own_demo.address, "agness", "chikondi", "watson", "Try first", "signed off"):
        assert words in said
    assert own_demo.health() == 200


def test_ctrl_c_stops_everything_and_the_next_start_goes_on_with_the_data(own_demo: Demo) -> None:
    before = records(own_demo)
    assert before > 400
    assert own_demo.stop() == 0
    assert processes_of(own_demo) == []
    own_demo.start()
    assert "invented women ..." not in own_demo.said.read_text().split("Stopped.")[-1], "nobody is made again"
    assert records(own_demo) == before


def test_a_busy_port_stops_with_what_to_do(own_demo: Demo, empty: Demo) -> None:
    done = subprocess.run(
        [PROGRAM, "demo", "--port", str(own_demo.port)],
        env=empty.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert f"port {own_demo.port}" in done.stderr and "--port" in done.stderr
    assert not (empty.folder / "state").exists(), "nothing was begun"


def test_a_backup_can_be_made_beside_a_running_demo(own_demo: Demo) -> None:
    done = own_demo.run("backup", str(own_demo.folder / "backup"))
    assert done.returncode == 0, done.stderr
    assert own_demo.health() == 200


def test_slow_senders_keep_nobody_else_waiting(own_demo: Demo) -> None:
    half = b"POST /api/v1/devices HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"
    with contextlib.ExitStack() as open_lines:
        for _ in range(40):
            line = open_lines.enter_context(socket.create_connection(("127.0.0.1", own_demo.port)))
            line.sendall(half)
        assert own_demo.health() == 200


def test_a_batch_of_50_mb_is_refused_with_what_to_do(own_demo: Demo) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", own_demo.port, timeout=60)
    with contextlib.closing(connection):
        connection.request("POST", "/api/v1/records", b" " * 50_000_000, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        said = json.loads(answer.read())
    assert (answer.status, said["code"]) == (413, "SYNC-002") and said["remedy"]


def test_fresh_begins_anew(own_demo: Demo) -> None:
    """Whatever was done in it is gone; the country itself may be the one that was built today."""
    changed = "UPDATE access_user SET family_name = 'Changed' WHERE username = 'agness' RETURNING family_name"
    assert ask(own_demo, changed) == "Changed"
    own_demo.stop()
    own_demo.start("--fresh")
    assert records(own_demo) > 40_000
    assert ask(own_demo, "SELECT family_name FROM access_user WHERE username = 'agness'") == "Kaliati"


def test_the_demo_lives_in_a_database_that_is_there_already(cluster: Cluster, empty: Demo) -> None:
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE given")
    demo = Demo(empty.folder, DATABASE_URL=cluster.url("given"))
    with running(demo):
        before = records(demo)
        assert before > 400 and demo.health() == 200
        assert demo.stop() == 0
        demo.start()
        assert records(demo) == before
    assert not (demo.folder / "state" / "postgresql").exists(), "no database of its own beside it"


def test_a_programmes_server_repeats_what_must_be_known(empty: Demo) -> None:
    refused = empty.run("serve", "--port", str(empty.port))
    assert refused.returncode == 2
    assert ACKNOWLEDGEMENT in refused.stderr and "README" in refused.stderr
    wrong = _run(empty, "serve", "--port", str(empty.port), MENTORMOTHERS_UNSIGNED_PROTOCOLS="yes")
    assert wrong.returncode == 2 and ACKNOWLEDGEMENT in wrong.stderr
    early = _run(empty, "serve", "--port", str(empty.port), **ALLOWED)
    assert early.returncode == 2 and "set-up" in early.stderr and "Traceback" not in early.stderr
    assert _run(empty, "set-up", **ALLOWED).returncode == 0


def test_a_programme_gets_its_administrator_and_its_server_and_never_a_demo(empty: Demo) -> None:
    unnamed = _run(empty, "add-administrator", "Ada B", "--organisation", "Hope", **ALLOWED)
    assert unnamed.returncode == 2 and "small letters" in unnamed.stderr
    unknowing = empty.run("add-administrator", "ada", "--organisation", "Hope")
    assert unknowing.returncode == 2 and ACKNOWLEDGEMENT in unknowing.stderr
    added = _run(empty, "add-administrator", "ada", "--organisation", "Hope", **ALLOWED)
    assert added.returncode == 0 and len(added.stdout.strip()) == 19, added.stderr
    again = _run(empty, "add-administrator", "ada", "--organisation", "Hope", **ALLOWED)
    assert again.returncode == 2 and "taken" in again.stderr
    demo = empty.run("demo", "--port", str(empty.port))
    assert demo.returncode == 2 and "begun as a programme" in demo.stderr
    with empty.said.open("wb") as said:
        server = subprocess.Popen(
            [PROGRAM, "serve", "--port", str(empty.port)], env=empty.environment | ALLOWED, start_new_session=True,
            stdout=said, stderr=said,
        )  # fmt: skip
    try:
        wait_until(lambda: "Serving at" in empty.said.read_text(), server)
        assert empty.health() == 200, "asked on this machine, without TLS"
        assert _leads_to(f"{empty.address}/").startswith("https://")
    finally:
        server.terminate()
        assert server.wait(60) == 0
    assert processes_of(empty) == []


def _run(demo: Demo, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [PROGRAM, *words], env=demo.environment | settings, capture_output=True, text=True, timeout=120
    )


def _leads_to(address: str) -> str:
    """Where an address sends a browser."""
    connection = http.client.HTTPConnection(address.removeprefix("http://").rstrip("/"), timeout=10)
    try:
        connection.request("GET", "/")
        answer = connection.getresponse()
        answer.read()
        return answer.getheader("Location", "")
    finally:
        connection.close()
