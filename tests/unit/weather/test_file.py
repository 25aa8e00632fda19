"""A weather file is known by what it holds; it may be packed; whatever is wrong is one clear message."""

import gzip
import json
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import hostile
import pytest

from onetake.errors import ChoiceError, InputError, ReadError
from onetake.weather import file
from onetake.weather.file import HEAD_BYTES, inspect_weather, read_column, read_columns

# small files in each text format, written by hand to the format's description
FOLDER = Path(__file__).resolve().parents[2] / "samples" / "weather"
SAMPLES = {path.stem: path.read_bytes().decode() for path in sorted(FOLDER.iterdir())}
FB, IGRA2, OWN_CSV, PECAN, SPC = (SAMPLES[name] for name in ("fb", "igra2", "own_csv", "pecan", "spc"))


CHOICE = {
    "fb": {"station": "LAX"},
    "igra2": {"time": "2010-06-01T12:00Z"},
    "pecan": {"time": "2016-02-12T06:00Z"},
    "bufkit": {"time": "2011-01-09T03:00Z"},
}


@pytest.fixture
def write(tmp_path):
    def put(data, name="weather.dat"):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return put


@pytest.mark.parametrize("name", SAMPLES)
def test_inspect_gives_the_keys_without_nan(name, write):
    found = inspect_weather(write(SAMPLES[name]), **CHOICE.get(name, {}))
    json.dumps(found, allow_nan=False)
    assert (found["kind"], found["format"]) == ("weather", name)
    assert found["levels"] == len(found["profile"]) > 1
    keys = {"altitude_msl_m", "pressure_pa", "temperature_k", "wind_east_m_s", "wind_north_m_s"}
    assert all(set(row) == keys for row in found["profile"])
    assert found["top_msl_m"] > 5000
    assert found["max_wind_m_s"] > 30
    assert all(set(problem) == {"slug", "text"} for problem in found["problems"])


def test_inspect_of_a_forecast_says_both_times(write):
    found = inspect_weather(write(OWN_CSV))
    assert (found["base_utc"], found["valid_utc"]) == ("2011-10-08T00:00:00Z", "2011-10-11T00:00:00Z")


@pytest.mark.parametrize("name", SAMPLES)
def test_packed_files(name, write, tmp_path):
    plain = read_columns(write(SAMPLES[name]))
    packed = read_columns(write(gzip.compress(SAMPLES[name].encode()), "x.gz"))
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("inner.txt", SAMPLES[name])
    zipped = read_columns(tmp_path / "x.zip")
    assert [c.label for c in plain] == [c.label for c in packed] == [c.label for c in zipped]


@pytest.mark.parametrize("name", ["fb", "igra2", "pecan", "bufkit"])
def test_a_needed_choice_lists_what_there_is(name, write):
    with pytest.raises(ChoiceError, match=r"^weather\.dat: \d+ (stations|times).*choose one"):
        read_column(write(SAMPLES[name]))


def test_near_dates_a_bulletin(write):
    path = write(FB)
    columns = read_columns(path, near_utc=datetime(2005, 3, 7, tzinfo=UTC))
    assert columns[0].valid_utc == datetime(2005, 3, 8, 6, tzinfo=UTC)
    assert read_column(path, station="ABI", time="2005-03-08T06:00Z").valid_utc == columns[0].valid_utc


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"hello", "none of the weather formats"),
        (b"776 \r\r\nSAUS70 KWBC 081400\r\r\nMETAR\r\r\nKMIA 081403Z 16032G45KT 10SM", "METAR"),
        (b"KMIA 081403Z 16032G45KT 10SM CLR 25/16 A2967\n", "METAR"),
        (b"768 \r\r\nFTUS41 KOKX 251341 AAA\r\r\nTAFJFK\r\r\nTAF AMD", "TAF"),
        (b"\x1f\x8b\x08 not gzip at all", "cannot be unpacked"),
        (b"PK\x03\x04 not a zip at all", "cannot be unpacked"),
        (b"%TITLE%\n X 980614/0000\n%RAW%\n%END%", r"^weather\.dat: it holds no level"),
    ],
)
def test_what_cannot_be_read_says_why(data, says, write):
    with pytest.raises(ReadError, match=says):
        read_column(write(data))


def test_unknown_files_are_answered_with_the_formats(write):
    with pytest.raises(ReadError) as caught:
        read_column(write(b"hello"))
    for name in SAMPLES:
        assert f"  {name}: " in str(caught.value)


def test_missing_files_and_folders(tmp_path):
    with pytest.raises(ReadError, match="no such file"):
        read_column(tmp_path / "nothing.csv")
    with pytest.raises(ReadError, match="not a file"):
        read_column(tmp_path)


def test_a_zip_of_two(tmp_path):
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a", SPC)
        archive.writestr("b", SPC)
    with pytest.raises(ReadError, match="packs 2 files"):
        read_column(tmp_path / "two.zip")


def big(path, head, line, size=100_000_000):
    block = line * (1_000_000 // len(line))
    with path.open("wb") as stream:
        stream.write(head)
        for _ in range(size // len(block)):
            stream.write(block)
    return path


@pytest.mark.parametrize(
    "line", [b"\x00" * 1000, b"rubbish,1,2,3\n", b"#\n", b"\n"], ids=["zeros", "text", "hashes", "blank"]
)
@pytest.mark.parametrize("head", [b"", IGRA2.encode(), SPC.encode()], ids=["bare", "igra2", "spc"])
def test_100_mb_of_rubbish_is_answered_at_once(line, head, tmp_path):
    path = big(tmp_path / "big", head, line)
    start = time.process_time()
    try:
        read_column(path)
    except InputError as error:
        assert "big" in str(error)  # noqa: PT017
    else:
        pytest.fail("rubbish was read")
    assert time.process_time() - start < 2.0


def test_a_packed_bomb_is_not_unpacked(write):
    start = time.process_time()
    with pytest.raises(ReadError, match="larger than 2 MB"):
        read_column(write(gzip.compress(SPC.encode() + b" " * 200_000_000, 1)))
    with pytest.raises(ReadError, match="none of"):
        read_column(write(gzip.compress(b"x" * 50_000_000, 1)))
    assert time.process_time() - start < 5.0


def test_only_the_head_decides(write):
    data = SPC.encode() + b"\n" * HEAD_BYTES + FB.encode()
    assert read_column(write(data)).format == "spc"


def test_a_broken_guest_does_not_keep_the_others_from_reading(monkeypatch, write):
    real = file.seams.load

    def load(seam, name):
        if name == "fb":
            raise ImportError("no module named fog")
        return real(seam, name)

    file.seams.load_all.cache_clear()
    monkeypatch.setattr(file.seams, "load", load)
    try:
        assert read_column(write(SPC)).format == "spc"
        with pytest.raises(ReadError, match=r"fb: cannot be loaded .*fog"):
            read_column(write(FB))
    finally:
        file.seams.load_all.cache_clear()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (FB + FB[FB.index("LAX") :] * 3000, "lines of winds"),
        (PECAN * 2001, "blocks"),
        (SPC * 4001, "larger than 2 MB|4,000 profiles"),
        (OWN_CSV.rstrip() + "\n395,7300,-30,270,80" * 60000, "60,003 levels"),
    ],
    ids=["fb", "pecan", "spc", "own_csv"],
)
def test_more_than_any_file_holds_is_refused_soon(data, says, write):
    start = time.process_time()
    with pytest.raises(ReadError, match=says):
        read_column(write(data))
    assert time.process_time() - start < 4.0


def test_a_zip_whose_list_is_as_long_as_itself(write):
    path = write(b"".join(hostile.zip_that_lists(6_000_000)), "packed.zip")
    with pytest.raises(ReadError, match="a great many files"):
        read_columns(path)


@pytest.mark.parametrize("piece", [b"GRIB", (5).to_bytes(4) + b"\1"])
def test_a_grib_of_more_pieces_than_any_model_writes(piece, write):
    path = write(b"GRIB\0\0\0\x02" + (1_600_000).to_bytes(8) + piece * 320_000)
    with pytest.raises(ReadError, match=r"more than 300,000|damaged or cut off"):
        read_column(path)
