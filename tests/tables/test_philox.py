"""Philox4x32-10 against the known answers that its authors publish.

Source: Random123 1.14.0, tests/kat_vectors, lines `philox4x32 10`; Salmon, Moraes, Dror, Shaw, "Parallel random
numbers: as easy as 1, 2, 3", SC11. Exact.
"""

from __future__ import annotations

import numpy as np
import pytest

from onetake.kernel import philox, philox_words

ONES = 0xFFFFFFFF
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES, ONES, ONES, ONES), (ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_known_answers(counter: tuple[int, ...], key: tuple[int, ...], answer: tuple[int, ...]) -> None:
    words = [np.uint32(word) for word in (*counter, *key)]
    assert tuple(int(word) for word in philox(*words)) == answer


def _by_hand(counter: list[int], key: list[int]) -> list[int]:
    """The published algorithm with whole numbers of any size: nothing that could wrap by accident."""
    for _ in range(10):
        high0, low0 = divmod(0xD2511F53 * counter[0], 1 << 32)
        high1, low1 = divmod(0xCD9E8D57 * counter[2], 1 << 32)
        counter = [high1 ^ counter[1] ^ key[0], low1, high0 ^ counter[3] ^ key[1], low0]
        key = [(key[0] + 0x9E3779B9) % (1 << 32), (key[1] + 0xBB67AE85) % (1 << 32)]
    return counter


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_the_algorithm_by_hand_gives_them_too(
    counter: tuple[int, ...], key: tuple[int, ...], answer: tuple[int, ...]
) -> None:
    assert tuple(_by_hand(list(counter), list(key))) == answer


def test_a_takes_words_are_counted_by_its_number() -> None:
    seed, takes = 0x1234_5678_9ABC_DEF0, np.array([1, 77, (1 << 24) + 5], np.int64)
    words = np.zeros((3, 4, 4), np.uint32)
    philox_words(np.uint32(seed & ONES), np.uint32(seed >> 32), takes, words)
    for i, take in enumerate(takes.tolist()):
        for j in range(4):
            counter = [j, 0, take & 0xFFFFFF, take >> 24]
            assert words[i, j].tolist() == _by_hand(counter, [seed & ONES, seed >> 32])
