"""What all tests share: an embedded PostgreSQL of their own, and the engines."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from mentormothers.config.embedded import Cluster
from mentormothers.engines import duckdb, postgres, reference, reference_indicators, spark, sqlite
from mentormothers.engines.rows import ScheduleRow
from mentormothers.facts.fact import History
from mentormothers.indicators.rows import Count
from mentormothers.protocol.model import Protocol
from tests.databases import db, template
from tests.elsewhere import there
from tests.phone_engine import phone_engine
from tests.programme import programme, template_programme

# The same examples in every run; `just fuzz` looks for new ones.
_FUZZ = os.environ.get("MENTORMOTHERS_FUZZ_EXAMPLES")
settings.register_profile(
    "ci",
    derandomize=_FUZZ is None,
    max_examples=int(_FUZZ or 60),
    deadline=None,
    print_blob=True,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
settings.load_profile("ci")

# All that tests start is where it is morning now, so that no run begins just after midnight, or crosses it, and finds
# that what was made "today" is of yesterday. (A zone named Etc/GMT-2 is two hours ahead of Greenwich.)
_MORNING = 9
_AHEAD = (_MORNING - datetime.now(UTC).hour + 12) % 24 - 12
os.environ.setdefault("MENTORMOTHERS_TIME_ZONE", f"Etc/GMT{-_AHEAD:+d}")
os.environ["TZ"] = os.environ["MENTORMOTHERS_TIME_ZONE"]
time.tzset()

Engine = Callable[[Protocol, History, date], list[ScheduleRow]]
IndicatorEngine = Callable[..., list[list[Count]]]  # of questions, a history and, where asked for, delivery models


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """An embedded server for this test process, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="mm-test-"))
    folder.chmod(0o755)
    cluster = Cluster(folder / "postgresql", durable=False)
    cluster.start()
    yield cluster
    cluster.remove()


@pytest.fixture(scope="session")
def engines(cluster: Cluster) -> Iterator[dict[str, Engine]]:
    """Every engine of the schedule by name; `phone` is the app's own code in Node."""
    with psycopg.connect(cluster.url("postgres")) as connection, phone_engine() as phone:
        yield {
            "phone": phone.schedule,
            "reference": reference.schedule,
            "sqlite": sqlite.schedule,
            "duckdb": duckdb.schedule,
            "postgres": lambda protocol, history, as_of: postgres.schedule(connection, protocol, history, as_of),
        }


@pytest.fixture(scope="session")
def only_spark() -> Iterator[spark.Spark]:
    """Spark, apart from the other engines: its Java takes long to start and to answer."""
    with spark.running() as only_spark:
        yield only_spark


__all__ = ["db", "programme", "template", "template_programme", "there"]


@pytest.fixture(scope="session")
def indicator_engines(cluster: Cluster) -> Iterator[dict[str, IndicatorEngine]]:
    """Every engine of the indicators by name."""
    with psycopg.connect(cluster.url("postgres")) as connection:
        yield {
            "reference": reference_indicators.indicators,
            "sqlite": sqlite.indicators,
            "duckdb": duckdb.indicators,
            "postgres": lambda *asked: postgres.indicators(connection, *asked),
        }
