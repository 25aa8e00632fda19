"""Real soundings and forecasts against what is known of them. Origin and licence of each: the data's own README.

Wind tolerance 0.6 kt (whole knots, or tenths of a metre per second), altitudes 1 % or 250 ft.
"""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from onetake.axes import wind_from
from onetake.errors import ChoiceError, ReadError
from onetake.units import FT_M, KT_M_S
from onetake.weather.column import Column
from onetake.weather.file import inspect_weather, read_column, read_columns


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "weather"


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# file, station, valid, top ft, strongest wind kt, at ft (None: not stated), all from the data's README
SOUNDINGS = [
    ("wyoming_csv_KBOI_20101209_12Z.csv", "", "2010-12-09T11:06", 106_000, 114, 35_000),
    ("iem_json_KBOI_20101209_12Z.json", "KBOI", "2010-12-09T12:00", 106_000, 113, 35_000),
    ("wyoming_csv_KOUN_20230522_12Z.csv", "", "2023-05-22T11:04", 114_000, 51, None),
    ("wyoming_list_KOUN_20181222_12Z.html", "OUN", "2018-12-22T12:00", 109_000, 128, 36_000),
    ("iem_json_KOUN_20110414_18Z_nans.json", "KOUN", "2011-04-14T18:00", 70_000, 109, 40_000),
    ("spc_KOAX_20140616_19Z.oax", "OAX", "2014-06-16T19:00", 109_000, 55, None),
    ("spc_OAX_19980614_00Z.oax", "OAX", "1998-06-14T00:00", 99_000, 118, 36_000),
    ("spc_OAX_20040523_00Z.oax", "OAX", "2004-05-23T00:00", 118_700, 82, None),
    ("spc_model_20030319_17Z.csv", "CSV", "2003-03-19T17:00", 71_600, 101, 31_800),
]


@pytest.mark.parametrize("row", SOUNDINGS, ids=lambda row: row[0])
def test_single_soundings(folder, row):
    name, station, valid, top_ft, wind_kt, at_ft = row
    column = read_column(folder / name)
    assert (column.station, column.valid_utc) == (station, utc(valid))
    assert column.top_msl_m / FT_M == pytest.approx(top_ft, rel=0.01)
    speed_m_s, altitude_msl_m = column.max_wind
    assert speed_m_s / KT_M_S == pytest.approx(wind_kt, abs=0.6)
    if at_ft is not None:
        assert altitude_msl_m / FT_M == pytest.approx(at_ft, abs=250)


def both(folder: Path) -> tuple[Column, Column]:
    return (
        read_column(folder / "wyoming_csv_KBOI_20101209_12Z.csv"),
        read_column(folder / "iem_json_KBOI_20101209_12Z.json"),
    )


def test_boise_says_the_same_in_both_formats(folder):
    """Within 1 kt, 3° and 10 m at common pressures to 22 km.

    One file gives tenths of a metre per second and the other whole knots: speeds are compared in whole knots.
    """
    wyoming, iem = both(folder)
    common = winds = 0
    for i, pressure in enumerate(wyoming.pressure_pa):
        match = np.flatnonzero(np.abs(iem.pressure_pa - pressure) < 1.0)
        if not match.size or pressure < 4000.0:
            continue
        j = int(match[0])
        common += 1
        assert wyoming.altitude_msl_m[i] == pytest.approx(iem.altitude_msl_m[j], abs=10.0)
        if iem.has_wind[j] and wyoming.has_wind[i]:
            winds += 1
            a_deg, a_m_s = wind_from(wyoming.wind_east_m_s[i], wyoming.wind_north_m_s[i])
            b_deg, b_m_s = wind_from(iem.wind_east_m_s[j], iem.wind_north_m_s[j])
            assert round(float(a_m_s) / KT_M_S) == pytest.approx(round(float(b_m_s) / KT_M_S), abs=1)
            assert abs((float(a_deg - b_deg) + 180) % 360 - 180) <= 3.0
        if np.isfinite(wyoming.temperature_k[i]) and np.isfinite(iem.temperature_k[j]):
            assert wyoming.temperature_k[i] == pytest.approx(iem.temperature_k[j], abs=0.11)
    assert common > 60
    assert winds > 20


def test_boise_at_the_standard_pressures(folder):
    """Geopotential metres as printed in both files, made geometric: R H / (R - H) with R = 6,356,766 m (ISO 2533)."""
    for column in both(folder):
        for pressure_hpa, height_m in ((850, 1509), (700, 3056), (500, 5600), (300, 9210), (250, 10410)):
            i = int(np.nanargmin(np.abs(column.pressure_pa - pressure_hpa * 100)))
            expected = 6356766.0 * height_m / (6356766.0 - height_m)
            assert column.altitude_msl_m[i] == pytest.approx(expected, abs=0.5)


def test_barrow_mixes_pressure_levels_and_wind_by_height(folder):
    """158 and 1 ascent(s): about 100 levels by height follow the pressure levels in the file."""
    path = folder / "igra2_USM00070026_Barrow.txt"
    first, second = read_columns(path)
    assert (first.valid_utc, second.valid_utc) == (utc("2010-06-01"), utc("2010-06-01T12:00"))
    assert max(first.top_msl_m, second.top_msl_m) / FT_M == pytest.approx(108_000, rel=0.01)
    strongest = max((first.max_wind, second.max_wind))
    assert strongest[0] / KT_M_S == pytest.approx(79, abs=0.6)
    assert strongest[1] / FT_M == pytest.approx(26_900, abs=250)
    assert "profile-left-out" in {note.slug for note in first.problems}
    assert read_column(path, time="2010-06-01T12:00Z").valid_utc == second.valid_utc
    with pytest.raises(ReadError, match="147 levels and none follows"):
        read_column(path, time="2010-06-02T00:00Z")
    with pytest.raises(ChoiceError, match="3 times"):
        read_column(path)


def test_barrow_derived_parameters(folder):
    columns = read_columns(folder / "igra2drvd_USM00070026_Barrow_201409.txt")
    lowest = columns[0]
    # first row of the file: 102095 Pa, 15 m, 274.9 K, u -6.0 and v -3.9 m/s
    assert lowest.pressure_pa[0] == 102095.0
    assert lowest.temperature_k[0] == pytest.approx(274.9)
    assert (lowest.wind_east_m_s[0], lowest.wind_north_m_s[0]) == (-6.0, -3.9)


def test_norman_ensemble(folder):
    """10 members and their mean, hourly to +48 h; the strongest member has 200 kt; columns named WDIR,WSPD hold u, v."""
    path = folder / "pecan_KOUN_ncar_ens10_20160212_00Z.txt"
    columns = read_columns(path)
    assert len(columns) == 11 * 49
    assert len({column.member for column in columns}) == 11
    assert max(column.max_wind[0] for column in columns) / KT_M_S == pytest.approx(200, abs=0.6)
    assert {column.base_utc for column in columns} == {utc("2016-02-12")}
    assert all("wind-columns-misnamed" in {note.slug for note in column.problems} for column in columns)
    mean = read_column(path, time="2016-02-13T00:00Z")
    one = read_column(path, time="2016-02-13T00:00Z", station="OUN/mem003")
    assert (mean.member, one.member) == ("MEAN", "mem003")
    assert mean.top_msl_m / FT_M == pytest.approx(66_000, rel=0.01)


def test_aberdeen_forecast(folder):
    columns = read_columns(folder / "pecan_KABR_mpas_20160503_00Z.txt")
    assert max(column.max_wind[0] for column in columns) / KT_M_S == pytest.approx(157, abs=0.6)
    assert columns[0].top_msl_m / FT_M == pytest.approx(96_900, rel=0.01)
    assert {column.member for column in columns} == {""}
    assert not columns[0].problems


@pytest.mark.parametrize(
    ("name", "strongest_kt", "coded"), [("fb_FD1US1.txt", 143, 92), ("fb_FD1US1_controlchar.txt", 121, 75)]
)
def test_fb_winds(folder, name, strongest_kt, coded):
    """Every group of 176 stations is read; `coded` groups of 100 kt or more, counted in the file's text."""
    columns = read_columns(folder / name)
    assert len(columns) == 176
    speeds = [np.hypot(column.wind_east_m_s, column.wind_north_m_s) / KT_M_S for column in columns]
    assert max(float(speed.max()) for speed in speeds) == pytest.approx(strongest_kt, abs=1e-6)
    assert sum(int(np.sum(speed > 99.5)) for speed in speeds) == coded
    assert not [note for column in columns for note in column.problems if note.slug == "unreadable-cell"]
    words = sum(len(line[4:].split()) for line in _station_lines(folder / name))
    assert sum(column.altitude_msl_m.size for column in columns) == words


def _station_lines(path):
    lines = path.read_bytes().decode("latin-1").replace("\x1e", "").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("FT "))
    return [line for line in lines[start + 1 :] if line.strip()]


def test_fb_abilene_by_hand(folder):
    """The line `ABI      2544+15 2542+07 2531-01 2657-15 2482-23 248940 750350 762059`."""
    column = read_column(folder / "fb_FD1US1.txt", station="ABI", time="2005-03-08T06:00Z")
    direction, speed = wind_from(column.wind_east_m_s, column.wind_north_m_s)
    np.testing.assert_allclose(direction, [250, 250, 250, 260, 240, 240, 250, 260])
    np.testing.assert_allclose(speed / KT_M_S, [44, 42, 31, 57, 82, 89, 103, 120])
    np.testing.assert_allclose(column.temperature_k - 273.15, [15, 7, -1, -15, -23, -40, -50, -59])
    assert column.base_utc == utc("2005-03-08")


def test_the_gulf_table_reads_without_its_head(folder):
    """Given both ways: u, v and direction, speed must agree, and do."""
    column = read_column(folder / "gulf_25N55E_gfs_20111008_00Z_f072.csv")
    assert column.altitude_msl_m.size == 26
    i = int(np.argmin(np.abs(column.pressure_pa - 30000)))
    assert (column.wind_east_m_s[i], column.wind_north_m_s[i]) == (10.8, -5.6)
    example = Path(__file__).resolve().parents[2] / "examples/halo/weather/gulf_2011-10-11T00.csv"
    ours = read_column(example)
    n = ours.altitude_msl_m.size
    np.testing.assert_array_equal(ours.altitude_msl_m, column.altitude_msl_m[:n])
    np.testing.assert_array_equal(ours.wind_east_m_s, column.wind_east_m_s[:n])
    np.testing.assert_array_equal(ours.temperature_k, column.temperature_k[:n])


@pytest.mark.parametrize(
    ("name", "why"), [("metar_collective.txt", "METAR"), ("taf_KJFK.txt", "TAF"), ("README.md", "none of")]
)
def test_what_holds_no_profile_is_refused(folder, name, why):
    with pytest.raises(ReadError, match=why):
        inspect_weather(folder / name)
