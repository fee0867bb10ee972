"""The source that is tortured: a copy of ours, and copies that are broken on purpose to show that the harness can fail."""

import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Mutant:
    """One change of the source that loses, doubles or hides something."""

    file: str
    old: str
    new: str


MUTANTS = {
    "acknowledges-before-it-is-on-disk": Mutant(
        "sync/api.py",
        "    answers = push(_device(request), parcels)\n",
        "    from django.db import connection\n\n"
        "    connection.cursor().execute('SET LOCAL synchronous_commit = off')\n"
        "    answers = push(_device(request), parcels)\n",
    ),
    "acknowledges-before-the-commit": Mutant(
        "access/scope.py",
        "                if response.status_code >= 500:\n",
        "                if request.path.endswith('/records') and __import__('random').random() < 0.03:  # it fails late\n",
    ),
    "keeps-the-second-of-two": Mutant(
        "sync/push.py",
        '    if known.get(made.id) == parcel.prepared.digest:\n        return Answer(str(made.id), "duplicate")\n',
        '    if made.id in known:\n        return Answer(str(made.id), "duplicate")\n',
    ),
    "does-not-know-what-it-has": Mutant(
        "care/queries.py",
        "    ORDER BY id\n    ON CONFLICT (id) DO NOTHING\n    RETURNING id\n",
        "    ORDER BY id\n    RETURNING id\n",
    ),
    "keeps-care-without-identity": Mutant(
        "sync/push.py",
        "keep_identities(i for p in batch if p.prepared.made.id in new for i in p.identities)",
        "keep_identities(i for p in batch[:9] if p.prepared.made.id in new for i in p.identities)",
    ),
    "skips-late-commits": Mutant(
        "sync/sql/last_told.sql", "    WHERE f.tx < pg_snapshot_xmin(pg_current_snapshot())\n", ""
    ),
    "runs-ahead-of-the-disk": Mutant(
        "sync/changes.py",
        "    return max(position, Cursor(position.feed, int(row[0]), row[1])) if row else position\n",
        "    with connection.cursor() as cursor:\n"
        "        cursor.execute('SELECT pg_snapshot_xmin(pg_current_snapshot())::text')\n"
        "        return max(position, Cursor(position.feed, int(cursor.fetchone()[0]) - 1, 2**62))\n",
    ),
    "orders-the-feed-by-text": Mutant("sync/queries.py", "ORDER BY feed.tx, feed.place\n", "ORDER BY tx, place\n"),
    "forgets-who-leaves": Mutant("sync/changes.py", 'yield {"event": "client_out", "client": str(client)}', "return"),
    "swallows-what-it-refuses": Mutant(
        "care/quarantine.py", "            for r in refused\n", '            for r in refused if r.code != "SYNC-019"\n'
    ),
    "leaves-homes-to-who-ends-last": Mutant(
        "care/sql/following.sql",
        "    PERFORM 1 FROM care.client c WHERE c.id = ANY (families) ORDER BY c.id FOR NO KEY UPDATE;\n",
        "",
    ),
    "overlooks-whose-facts-changed": Mutant(
        "followup/sql/keeping.sql",
        "    INSERT INTO care.touched (client) SELECT DISTINCT client FROM changed;\n",
        "    INSERT INTO care.touched (client) SELECT DISTINCT client FROM changed LIMIT 3;\n",
    ),
    "forgets-jobs-of-a-dead-worker": Mutant(
        "config/jobs.py", "    for job in await jobs.get_stalled_jobs():\n", "    for job in []:\n"
    ),
    "lets-dead-processes-lie": Mutant("config/running.py", "        if now >= child.due:\n", "        if False:\n"),
}


def source_for(folder: Path, mutant: str | None) -> Path:
    """A copy of our source, so that editing it does not disturb a run of hours; with a mutant's change put in."""
    source = folder / "src"
    shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
    for beside in ("programme", "phone"):
        (folder / beside).symlink_to(ROOT / beside)
    if mutant:
        _change(source / "mentormothers" / MUTANTS[mutant].file, MUTANTS[mutant])
    return source


def _change(file: Path, mutant: Mutant) -> None:
    text = file.read_text()
    assert text.count(mutant.old) == 1, f"{mutant.file} has changed; please bring this mutant up to date: {mutant.old}"
    file.write_text(text.replace(mutant.old, mutant.new))
