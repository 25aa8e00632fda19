"""Whatever the bytes, a film is read or refused in one message, soon; what was read of it is pictures of its size."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import films
import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onetake.errors import ReadError
from onetake.footage.inspect import inspect_film
from onetake.footage.read import open_film, pictures


def _sample(name: str) -> bytes:
    noise = np.random.default_rng(5).integers(30, 220, (24, 72, 96), np.uint8)
    with TemporaryDirectory() as folder:
        return films.write(
            Path(folder) / name, list(noise), rate=Fraction(25), timecode="01:00:00:00", options={"g": "6"}
        ).read_bytes()


FILMS = {name: _sample(name) for name in ("film.mov", "film.mp4")}
CRUMBS = st.sampled_from(
    [b"", b"\x00" * 4, b"\xff" * 4, b"\x7f\xff\xff\xff", b"moov", b"mdat", b"trak", b"stsd", b"stts", b"stco", b"dref", b"alis",
     b"url ", b"file:///etc/passwd", b"avc1", b"hvc1", b"tmcd", b"cmov", b"\x00\x00\x00\x01\x67"]
)  # fmt: skip


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """A film cut short or not, with some pieces replaced; the tables are hit as often as the pictures."""
    data = FILMS[draw(st.sampled_from(sorted(FILMS)))]
    tables = data.index(b"moov")
    if draw(st.booleans()):
        data = data[: draw(st.integers(0, len(data)))]
    for _ in range(draw(st.integers(1, 6))):
        first = tables if draw(st.booleans()) and tables < len(data) else 0
        at = draw(st.integers(min(first, len(data)), len(data)))
        cut = draw(st.sampled_from([0, 1, 2, 4, 4, 40]))
        data = data[:at] + draw(CRUMBS | st.binary(max_size=6)) + data[at + cut :]
    return data


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(spoiled())
def test_a_spoiled_film_is_read_or_refused(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "film.mov"
        path.write_bytes(data)
        refused = ""
        try:
            film = open_film(path)
            assert 1 <= film.rate <= 1000
            before = -1.0
            for count, picture in enumerate(pictures(film)):
                assert picture.luma.shape == (film.height_px, film.width_px)
                assert picture.time_s > before
                before = picture.time_s
                if count > 40:
                    break
            assert inspect_film(path)["kind"] == "video"
        except ReadError as error:
            refused = str(error)
        assert "\n" not in refused
