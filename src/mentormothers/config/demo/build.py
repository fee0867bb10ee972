"""The demo country as it was built once, kept as a backup, so that the next fresh demo is there in seconds.

A build belongs to the day and to the version it was made with: women of the demo are late, due and missed as of today.
Everybody in it is invented, so the keys may lie beside it.
"""

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from mentormothers import PROGRAMME
from mentormothers.config.backup import CARE_SUFFIX, KEYS_SUFFIX, BackupError, back_up, is_empty, restore
from mentormothers.config.database import Database
from mentormothers.config.roles import make_roles
from mentormothers.config.starting import keys_file

_PACKAGE = Path(__file__).parents[2]


def take_build(found: Database) -> bool:
    """Fill an empty database from today's build; says whether there was one. Keys that lie there are moved aside."""
    care, keys = _files()
    if found.admin is None or not (care.exists() and keys.exists()) or not is_empty(found.admin):
        return False
    make_roles(found)
    if keys_file().exists():
        keys_file().replace(keys_file().with_name(f"keys-{datetime.now(UTC):%Y%m%dT%H%M%S}.json"))
    try:
        restore(found, care, keys)
    except BackupError:  # damaged, or of another demo that was kept at the same moment: build anew
        for file in (care, keys):
            file.unlink(missing_ok=True)
        return False
    return True


def keep_build(found: Database) -> None:
    """Keep what was made, in place of earlier builds. A folder that cannot be written costs only time next time."""
    care, keys = _files()
    if found.admin is None:
        return
    try:
        _folder().mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=_folder()) as own:  # another demo may keep its build at the same moment
            for source, target in zip(back_up(found, Path(own)), (care, keys), strict=True):
                source.replace(target)
    except OSError:
        return
    for old in {*_folder().glob(f"*{CARE_SUFFIX}"), *_folder().glob(f"*{KEYS_SUFFIX}")} - {care, keys}:
        old.unlink(missing_ok=True)


def _folder() -> Path:
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "mentormothers" / "demo"


def _files() -> tuple[Path, Path]:
    name = f"{datetime.now(UTC):%Y-%m-%d}-{_version()}"
    return _folder() / (name + CARE_SUFFIX), _folder() / (name + KEYS_SUFFIX)


def _version() -> str:
    """Tells this version of code and content from every other."""
    mark = hashlib.sha256()
    for root in (_PACKAGE, PROGRAMME):
        for file in sorted(path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
            mark.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes())
    return mark.hexdigest()[:16]
