"""The bar that every command shows while it works: on stderr, and only where somebody sits before it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


class Step(Protocol):
    """Says what is being done, and how much of it where somebody knows how much there is."""

    def __call__(self, what: str, done: float = 0, of: float | None = None) -> None:
        """So far."""


@contextmanager
def progress(what: str = "Starting") -> Iterator[Step]:
    """A bar that is gone when the work is done."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        doing: tuple[str, float | None] = (what, None)

        def step(what: str, done: float = 0, of: float | None = None) -> None:
            nonlocal doing
            if doing != (what, of):
                doing = (what, of)
                bar.reset(task, description=what, total=of)  # its time starts anew
            bar.update(task, completed=done)

        yield step
