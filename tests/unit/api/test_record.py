"""What every JSON object promises."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetake.api.record import plain, record

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.datetimes(timezones=st.just(UTC)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
    max_leaves=10,
)


def test_the_schema_comes_first() -> None:
    assert list(record("onetake.x/1", a=1, b=2)) == ["schema", "a", "b"]


@given(ANYTHING)
def test_any_answer_is_json_without_nan(value: object) -> None:
    text = json.dumps(record("onetake.x/1", value=value), allow_nan=False)
    assert json.loads(text)["schema"] == "onetake.x/1"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.float32(0.5), 0.5),
        (np.float64("nan"), None),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.array([1.0, np.inf]), [1.0, None]),
        (Path("a") / "b", str(Path("a/b"))),
        (datetime(2011, 10, 11, 13, 52, 4, tzinfo=UTC), "2011-10-11T13:52:04Z"),
        (datetime(2011, 10, 11, 13, 52, 4, 250_000, tzinfo=UTC), "2011-10-11T13:52:04.250Z"),
        (datetime(2011, 10, 11, 17, 52, 4, tzinfo=timezone(timedelta(hours=4))), "2011-10-11T13:52:04Z"),
    ],
)
def test_values_in_the_words_of_json(value: object, words: object) -> None:
    assert plain(value) == words
    assert type(plain(value)) is type(words)


def test_what_has_no_words_is_our_fault() -> None:
    with pytest.raises(TypeError, match="set has no place"):
        plain({1, 2})
