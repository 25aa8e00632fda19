"""What is compiled ahead is what is called: other types would be compiled for nobody, and again when they are called."""

from __future__ import annotations

from onetake.api.stage import Stage
from onetake.api.warm import _blocks
from onetake.odds.chunks import fly_chunk


def test_every_block_is_called_with_the_types_it_was_compiled_for(two_way: Stage) -> None:
    fly_chunk(two_way.work(1), 1, 16)
    for block, signature in _blocks():
        assert str(signature) in [str(types) for types in block.signatures], block.__name__  # type: ignore[attr-defined]
