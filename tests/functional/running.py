"""The demo and a browser as processes of their own, started and ended as a user's machine does it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright

PROGRAM = Path(sys.executable).parent / "mentormothers"
QUIET = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--mute-audio", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
)  # fmt: skip


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], bool], process: subprocess.Popen[bytes], patience: float = 60) -> None:
    """Wait for something that a process does; fails when it ends before or takes too long."""
    until = time.monotonic() + patience
    while not true():
        assert process.poll() is None, f"{process.args} ended with {process.returncode}"
        assert time.monotonic() < until, f"{process.args} takes longer than {patience:.0f} s"
        time.sleep(0.05)


class Demo:
    """`mentormothers demo` in a folder of its own; can be stopped and started again with its data kept."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.port, self._settings = folder, free_port(), settings
        self.address = f"http://127.0.0.1:{self.port}"
        self.said = folder / "said.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """As of a person's shell: nothing of what other tests have set."""
        ours = ("DATABASE_", "DJANGO_", "MENTORMOTHERS_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return kept | {"MENTORMOTHERS_STATE": str(self.folder / "state")} | self._settings

    def start(self, *options: str, patience: float = 600) -> None:
        """Start and wait until the demo has said that it is ready."""
        before = self.said.stat().st_size if self.said.exists() else 0
        with self.said.open("ab") as said:
            self._process = subprocess.Popen(
                [PROGRAM, "demo", "--port", str(self.port), *options], env=self.environment,
                stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True,
            )  # fmt: skip
        wait_until(
            lambda: "Ctrl-C stops everything" in self.said.read_bytes()[before:].decode(),
            self._process,
            patience=patience,
        )

    def stop(self) -> int:
        """Press Ctrl-C and wait; gives the exit code."""
        assert self._process
        self._process.send_signal(signal.SIGINT)
        code = self._process.wait(60)
        self._process = None
        return code

    def is_running(self) -> bool:
        return self._process is not None

    def health(self) -> int:
        """What the server answers to those who watch it."""
        with urllib.request.urlopen(f"{self.address}/health", timeout=10) as answer:
            return int(answer.status)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Another command beside it."""
        return subprocess.run([PROGRAM, *words], env=self.environment, capture_output=True, text=True, timeout=120)


class ChromiumProcess:
    """A Chromium with its own profile, which can be killed like a phone whose battery falls out."""

    def __init__(self, playwright: Playwright, profile: Path, size: tuple[int, int]) -> None:
        self._playwright, self._profile, self._size = playwright, profile, size
        self._process: subprocess.Popen[bytes] | None = None
        self.browser: Browser | None = None

    @property
    def camera(self) -> Path:
        """What the camera sees, as a film (YUV4MPEG2); no such file: the camera does not work."""
        return self._profile / "camera.y4m"

    def start(self) -> Browser:
        """Start with whatever the profile holds."""
        told = self._profile / "DevToolsActivePort"
        told.unlink(missing_ok=True)
        width, height = self._size
        self._process = subprocess.Popen(
            [os.environ["MENTORMOTHERS_CHROMIUM"], *QUIET, f"--user-data-dir={self._profile}",
             f"--use-file-for-fake-video-capture={self.camera}",
             f"--window-size={width},{height}", "--remote-debugging-port=0", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        wait_until(lambda: told.exists() and told.read_text().count("\n") > 0, self._process)
        port = told.read_text().splitlines()[0]
        self.browser = self._playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        return self.browser

    def kill(self) -> None:
        """kill -9: no page hears of it."""
        if self._process and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None


@contextmanager
def running(demo: Demo) -> Iterator[Demo]:
    """A demo that is stopped at the end, whatever happened."""
    demo.start()
    try:
        yield demo
    finally:
        if demo.is_running():
            assert demo.stop() == 0
