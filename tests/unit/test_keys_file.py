"""The installation's keys: two that come at once do not overwrite each other's."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mentormothers.access.keys import make_keys, organisation_key, read_keys


def test_keys_made_at_once_are_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    make_keys(path)
    asked = [number % 20 for number in range(200)]
    with ThreadPoolExecutor(8) as several:
        given = list(several.map(lambda number: organisation_key(path, number), asked))
    assert len(read_keys(path).organisations) == 20
    assert {n: organisation_key(path, n) for n in asked} == dict(zip(asked, given, strict=True))
    assert path.stat().st_mode & 0o077 == 0
