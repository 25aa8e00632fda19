"""Here: one chunk after another, in this thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from onetake.odds.chunks import Rows, Work, fly_chunk

DOC = "One chunk after another, in one thread."


def run(work: Work, chunks: Sequence[tuple[int, int]], use: Callable[[Rows], None]) -> None:
    """Fly (first, count) chunks in order."""
    for first, count in chunks:
        use(fly_chunk(work, first, count))
