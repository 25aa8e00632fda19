"""Films of every rate and depth are read as written; what is none is refused in one message."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import films
import hostile
import numpy as np
import pytest

from onetake.errors import ReadError
from onetake.footage.light import light_table
from onetake.footage.read import key_pictures, open_film, pictures


def grays(count: int, width: int = 192, height: int = 108) -> list[np.ndarray]:
    """Pictures of one gray each, a step brighter every time."""
    return [np.full((height, width), 40 + 5 * number, np.uint8) for number in range(count)]


@pytest.mark.parametrize(
    "rate", [Fraction(24000, 1001), Fraction(24), Fraction(25), Fraction(60000, 1001), Fraction(120)], ids=str
)
@pytest.mark.parametrize("name", ["film.mp4", "film.mov"])
def test_any_rate_is_a_fraction_and_every_picture_has_its_time(
    tmp_path: Path, rate: Fraction, name: str
) -> None:
    film = open_film(films.write(tmp_path / name, grays(30), rate=rate))
    assert film.rate == rate
    assert (film.width_px, film.height_px, film.frames, film.codec, film.bits) == (192, 108, 30, "h264", 8)
    assert film.duration_s == pytest.approx(float(30 / rate), abs=1e-3)
    seen = list(pictures(film))
    assert [picture.number for picture in seen] == list(range(30))
    assert [picture.time_s for picture in seen] == pytest.approx(
        [float(n / rate) for n in range(30)], abs=2e-4
    )
    assert [float(np.median(picture.luma)) for picture in seen] == pytest.approx(
        [40 + 5 * n for n in range(30)], abs=1
    )


def test_timecode_is_told_where_there_is_one(tmp_path: Path) -> None:
    assert (
        open_film(films.write(tmp_path / "a.mov", grays(2), timecode="17:42:10:05")).timecode == "17:42:10:05"
    )
    assert open_film(films.write(tmp_path / "b.mov", grays(2))).timecode is None


def test_from_and_to_choose_pictures_by_the_films_clock(tmp_path: Path) -> None:
    film = open_film(films.write(tmp_path / "film.mp4", grays(40), rate=Fraction(25)))
    told: list[tuple[str, float, float]] = []
    chosen = list(pictures(film, from_s=0.4, to_s=0.8, progress=lambda *said: told.append(said)))
    assert [picture.number for picture in chosen] == list(range(10, 21))
    assert float(np.median(chosen[0].luma)) == pytest.approx(40 + 50, abs=1)
    assert told[0] == ("reading pictures", pytest.approx(0.0), pytest.approx(0.4))
    assert told[-1][1] == pytest.approx(0.4)
    assert list(pictures(film, from_s=5.0)) == []


def test_ten_bits_are_kept(tmp_path: Path) -> None:
    path = films.write(
        tmp_path / "film.mov", grays(2), codec="prores_ks", pix_fmt="yuv422p10le", options={"profile": "3"}, deep=True
    )  # fmt: skip
    film = open_film(path)
    picture = next(pictures(film))
    assert (film.bits, film.codec, picture.luma.dtype) == (10, "prores", np.dtype("<u2"))
    assert float(np.median(picture.luma)) == pytest.approx(160, abs=3)
    table = light_table(film)
    assert table[64] == pytest.approx(0.0, abs=1e-6)
    assert table[940] == pytest.approx(1.0, abs=1e-5)


def test_what_is_no_film_is_refused_in_one_message(tmp_path: Path) -> None:
    whole = films.write(tmp_path / "film.mp4", grays(10)).read_bytes()
    refused = {
        "empty.mp4": b"",
        "words.mp4": b"hello, this is no film\n" * 40,
        "head.mp4": whole[:40],
        "no tables.mp4": whole[: len(whole) // 2],
        "playlist.mp4": b"#EXTM3U\n#EXTINF:2,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        "concat.mp4": b"ffconcat version 1.0\nfile '/etc/passwd'\n",
    }
    for name, data in refused.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ReadError, match=r"is no MP4 or MOV film|not one of its pictures") as said:
            open_film(tmp_path / name)
        assert str(said.value).count("\n") == 0
    with pytest.raises(ReadError, match="no such file"):
        open_film(tmp_path / "nowhere.mp4")


def test_a_film_without_pictures_says_what_it_holds(tmp_path: Path) -> None:
    import av

    with av.open(str(tmp_path / "sound.mp4"), "w") as container:
        stream = container.add_stream("aac", rate=48000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.sample_rate = 48000
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    with pytest.raises(ReadError, match="holds no picture, only audio"):
        open_film(tmp_path / "sound.mp4")


def test_damaged_pictures_are_left_out_and_counted(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(40, 200, (40, 108, 192), np.uint8)
    path = films.write(
        tmp_path / "film.mp4", list(noise), options={"preset": "veryfast", "g": "1", "bf": "0"}
    )
    data = bytearray(path.read_bytes())
    begin = data.index(b"mdat") + 4
    size = (len(data) - begin) // 40
    for hurt in (10, 11, 12):
        at = begin + hurt * size
        data[at : at + size] = b"\xff" * size
    path.write_bytes(bytes(data))
    seen = list(pictures(open_film(path)))
    assert 30 <= len(seen) < 40
    assert sum(picture.lost for picture in seen) == 40 - len(seen)
    assert seen[-1].number == 39


def test_a_film_of_a_thousand_tracks_is_refused(tmp_path: Path) -> None:
    film = films.write(tmp_path / "film.mp4", grays(3)).read_bytes()
    (tmp_path / "film.mp4").write_bytes(hostile.tracks(film, 1000))
    with pytest.raises(ReadError, match="more than 50 tracks"):
        open_film(tmp_path / "film.mp4")


def test_a_film_that_cannot_be_wound_is_looked_at_from_its_beginning(tmp_path: Path) -> None:
    film = films.write(tmp_path / "film.mp4", grays(36), options={"g": "12"}).read_bytes()
    keys = film.index(b"stss") + 12  # which pictures need no other: none that there is
    (tmp_path / "film.mp4").write_bytes(film[:keys] + b"\0\x3d\x09\0" * 3 + film[keys + 12 :])
    assert [one.number for one in key_pictures(open_film(tmp_path / "film.mp4"), 8)] == [0]
