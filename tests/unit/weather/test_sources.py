"""Each format's units, missing values, order and lies, on small files written by hand."""

import importlib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from onetake.axes import wind_from
from onetake.errors import ChoiceError, ReadError
from onetake.units import FT_M, KT_M_S
from onetake.weather.atmosphere import geometric_from_geopotential, pressure_at_pressure_altitude_pa

# small files in each text format, written by hand to the format's description
FOLDER = Path(__file__).resolve().parents[2] / "samples" / "weather"
SAMPLES = {path.stem: path.read_bytes().decode() for path in sorted(FOLDER.iterdir())}
BUFKIT, FB, IEM_JSON, IGRA2, PECAN, SPC, WYOMING_CSV, WYOMING_LIST = (
    SAMPLES["bufkit"],
    SAMPLES["fb"],
    SAMPLES["iem_json"],
    SAMPLES["igra2"],
    SAMPLES["pecan"],
    SAMPLES["spc"],
    SAMPLES["wyoming_csv"],
    SAMPLES["wyoming_list"],
)


STRAIGHT = [name for name in SAMPLES if name not in ("fb", "igra2")]


def source(name):
    return importlib.import_module(f"onetake.weather.sources.{name}")


def read(name, text=None):
    return source(name).read((SAMPLES[name] if text is None else text).encode(), f"sample.{name}")


def slugs(column):
    return {note.slug for note in column.problems}


def wind_at(column, altitude_msl_m):
    """Direction from (deg) and speed (kt) at the level nearest to an altitude."""
    i = int(np.argmin(abs(column.altitude_msl_m - altitude_msl_m)))
    direction, speed = wind_from(column.wind_east_m_s[i], column.wind_north_m_s[i])
    return float(direction), float(speed) / KT_M_S


@pytest.mark.parametrize("name", STRAIGHT)
def test_the_same_air_in_every_format(name):
    column = read(name)[0]
    assert column.format == name
    for height, speed in ((100, 10), (3000, 40), (5900, 80)):
        altitude = float(geometric_from_geopotential(height))
        i = int(np.argmin(abs(column.altitude_msl_m - altitude)))
        assert column.altitude_msl_m[i] == pytest.approx(altitude, abs=1e-6)
        direction, found = wind_at(column, altitude)
        assert found == pytest.approx(
            speed, abs=0.03 if name != "pecan" else 0.1
        )  # m/s with two digits; v of -1
        assert direction == pytest.approx(270.0, abs=3.0)
    assert column.temperature_k[column.altitude_msl_m > 90][0] == pytest.approx(283.15)


@pytest.mark.parametrize("name", SAMPLES)
def test_only_its_own_source_recognises_a_file(name):
    head = SAMPLES[name].encode()[:65536]
    assert [other for other in SAMPLES if source(other).recognises(head, "x")] == [name]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("data", [b"", b"\n", b"\x00" * 100, b"%TITLE%", b"#", b"{", b"[[[["])
def test_rubbish_is_refused(name, data):
    with pytest.raises(ReadError):
        source(name).read(data, "x")


# ---- IGRA2


def test_igra2_sorts_levels_by_height_into_the_pressure_levels():
    first, second = read("igra2")
    assert first.valid_utc == datetime(2010, 6, 1, 12, tzinfo=UTC)
    assert (first.station, first.lat_deg, first.lon_deg) == ("USM00070026", 71.2889, -156.7833)
    assert first.altitude_msl_m.size == 6
    assert [round(wind_at(first, z)[1]) for z in (100, 1000, 2000, 3000, 5900)] == [10, 6, 8, 40, 80]
    assert wind_at(first, 1000)[0] == pytest.approx(360.0)
    assert first.altitude_msl_m[3] == pytest.approx(2989, abs=6)  # 100 + 5800 · 2878 / 5778, and humidity
    assert np.isnan(first.temperature_k[-1])  # -8888 was removed by quality control
    assert slugs(first) == {"height-filled"}
    assert "level-count" in slugs(second)


def test_igra2_without_hour_takes_the_release_time():
    text = IGRA2.replace("06 01 12 2303", "06 01 99 2315")
    assert read("igra2", text)[0].valid_utc == datetime(2010, 6, 1, 23, 15, tzinfo=UTC)
    unknown = read("igra2", IGRA2.replace("06 01 12 2303", "06 01 99 9999"))[0]
    assert unknown.valid_utc is None


def test_igra2_reads_one_of_many(tmp_path):
    path = tmp_path / "station.txt"
    path.write_text(IGRA2)
    igra2 = source("igra2")
    assert [item.valid_utc.day for item in igra2.list_profiles(path)] == [1, 2]
    wanted = {"station": None, "lat_deg": None, "lon_deg": None}
    column = igra2.read_one(path, time=datetime(2010, 6, 2, tzinfo=UTC), **wanted)
    assert column.altitude_msl_m.size == 2
    with pytest.raises(ChoiceError, match="2 times"):
        igra2.read_one(path, time=None, **wanted)


# ---- FB winds


def fb(station, text=FB):
    return next(column for column in read("fb", text) if column.station == station)


def test_fb_cells_are_cut_by_position_and_decoded():
    abilene = fb("ABI")
    assert abilene.altitude_msl_m[0] == pytest.approx(6000 * FT_M)  # the cell of 3,000 ft is blank
    assert wind_at(abilene, 6000 * FT_M) == (pytest.approx(250.0), pytest.approx(44.0))
    assert wind_at(abilene, 34500 * FT_M) == (
        pytest.approx(250.0),
        pytest.approx(103.0),
    )  # 7503: 250° at 103 kt
    assert abilene.temperature_k[-1] == pytest.approx(273.15 - 59)  # no sign above 24,000 ft
    assert abilene.temperature_k[2] == pytest.approx(273.15 - 1)


def test_fb_light_and_variable_is_calm_not_north():
    denver = fb("DEN")
    assert wind_at(denver, 9000 * FT_M)[1] == 0.0
    assert wind_at(denver, 24500 * FT_M)[1] == 0.0
    assert denver.temperature_k[0] == pytest.approx(268.15)
    text = next(note.text for note in denver.problems if note.slug == "light-and-variable")
    assert "9,000, 24,000, 30,000 ft" in text


def test_fb_199_is_a_lower_bound():
    denver = fb("DEN")
    assert wind_at(denver, 34800 * FT_M) == (pytest.approx(270.0), pytest.approx(199.0))
    assert "34,000 ft" in next(note.text for note in denver.problems if note.slug == "censored-wind")
    assert wind_at(denver, 39500 * FT_M) == (pytest.approx(230.0), pytest.approx(119.0))  # 731960


def test_fb_36_is_north():
    assert wind_at(fb("DEN"), 12000 * FT_M)[0] == pytest.approx(360.0)


def test_fb_pressure_altitudes_are_pressures():
    abilene = fb("ABI")
    wanted = pressure_at_pressure_altitude_pa(np.array([18000, 24000, 30000, 34000, 39000]) * FT_M)
    np.testing.assert_allclose(abilene.pressure_pa[3:], wanted)
    assert np.isnan(abilene.pressure_pa[:3]).all()
    assert "pressure-altitude" in slugs(abilene)
    assert 39500 * FT_M < abilene.top_msl_m < 40500 * FT_M  # 15 K warmer than standard below: 2-3 % higher


def test_fb_standard_air_puts_pressure_altitudes_at_their_own_height():
    cells = "2710+03 2710-03 2710-09 2710-21 2710-33 271044 271052 271057"
    text = FB.split("ABI")[0] + f"XYZ 2705 {cells}\n"
    top = fb("XYZ", text).altitude_msl_m[-1]
    assert top == pytest.approx(float(geometric_from_geopotential(39000 * FT_M)), abs=45)  # whole degrees


def test_fb_gives_only_a_day(tmp_path):
    data, module = FB.encode(), source("fb")
    assert fb("ABI").valid_utc is None
    assert "no-date" in slugs(fb("ABI"))
    column = module.read_near(data, "x", datetime(2005, 3, 1, tzinfo=UTC))[0]
    assert column.valid_utc == datetime(2005, 3, 8, 6, tzinfo=UTC)
    assert column.base_utc == datetime(2005, 3, 8, 0, tzinfo=UTC)
    path = tmp_path / "fb.txt"
    path.write_bytes(data)
    wanted = {"station": "LAX", "lat_deg": None, "lon_deg": None}
    exact = datetime(2005, 3, 8, 6, tzinfo=UTC)
    assert module.read_one(path, time=exact, **wanted).valid_utc == exact
    with pytest.raises(ChoiceError, match="day 08 06:00Z"):
        module.read_one(path, time=datetime(2005, 3, 9, 6, tzinfo=UTC), **wanted)


@pytest.mark.parametrize(
    ("day", "near", "found"),
    [
        ((31, 6, 0), datetime(2005, 3, 1, tzinfo=UTC), datetime(2005, 3, 31, 6, tzinfo=UTC)),
        ((31, 18, 0), datetime(2005, 1, 1, tzinfo=UTC), datetime(2004, 12, 31, 18, tzinfo=UTC)),
        ((1, 0, 0), datetime(2004, 12, 30, tzinfo=UTC), datetime(2005, 1, 1, tzinfo=UTC)),
        ((31, 6, 0), datetime(2005, 5, 2, tzinfo=UTC), datetime(2005, 5, 31, 6, tzinfo=UTC)),
        ((30, 6, 0), datetime(2005, 3, 1, tzinfo=UTC), datetime(2005, 1, 30, 6, tzinfo=UTC)),
        ((29, 6, 0), datetime(2004, 3, 1, tzinfo=UTC), datetime(2004, 2, 29, 6, tzinfo=UTC)),
    ],
)
def test_fb_dates_are_the_nearest(day, near, found):
    moment = source("fb").nearest_date(day, near)
    assert abs(moment - near) <= abs(found - near)
    assert (moment.day, moment.hour) == (day[0], day[1])


def test_fb_groups_that_are_no_wind_are_told():
    text = FB.replace("2710+15", "4510+15").replace("277056", "27X056")
    column = fb("LAX", text)
    assert column.altitude_msl_m.size == 7
    note = next(note.text for note in column.problems if note.slug == "unreadable-cell")
    assert "4510+15" in note
    assert "39,000" in note


def test_fb_two_bulletins_in_one_file_are_told_apart():
    columns = read("fb", FB + FB.replace("080600Z", "081200Z").replace("FD1US1", "FD3US1"))
    assert {column.member for column in columns} == {"080600Z", "081200Z"}


# ---- Wyoming


def test_wyoming_csv_unit_is_read_from_the_column_name():
    knots = WYOMING_CSV.replace("wind speed_m/s", "wind speed_knot")
    ratio = read("wyoming_csv")[0].max_wind[0] / read("wyoming_csv", knots)[0].max_wind[0]
    assert ratio == pytest.approx(1.943844, rel=1e-6)
    with pytest.raises(ReadError, match="wind speed"):
        read("wyoming_csv", WYOMING_CSV.replace("wind speed_m/s", "wind speed_furlong"))


def test_wyoming_csv_time_and_place_are_the_launch():
    column = read("wyoming_csv")[0]
    assert column.valid_utc == datetime(2010, 12, 9, 11, 6, tzinfo=UTC)
    assert (column.lat_deg, column.lon_deg) == (43.56, -116.21)
    unknown = WYOMING_CSV.replace("-116.2100,43.5600", "-99.9900,-99.9900")
    assert read("wyoming_csv", unknown)[0].lat_deg is None


def test_wyoming_list_cuts_by_position_and_drops_what_is_below_ground():
    column = read("wyoming_list")[0]
    assert (column.station, column.valid_utc) == ("OUN", datetime(2011, 5, 22, 12, tzinfo=UTC))
    assert (column.lat_deg, column.lon_deg) == (35.18, -97.44)
    assert slugs(column) == {"below-ground"}
    assert column.altitude_msl_m.size == 4
    assert column.has_wind.tolist() == [True, False, True, True]


def test_wyoming_list_without_the_page():
    text = WYOMING_LIST.split("<H2>")[1].replace("</H2>", "").replace("<PRE>\n", "")
    assert read("wyoming_list", text)[0].station == "OUN"


def test_wyoming_list_in_another_unit():
    text = WYOMING_LIST.replace("knot ", " m/s ").replace("SKNT", "SPED")
    assert read("wyoming_list", text)[0].max_wind[0] == pytest.approx(80.0)
    with pytest.raises(ReadError, match="SKNT"):
        read("wyoming_list", WYOMING_LIST.replace(" knot", " mph "))


def test_wyoming_list_with_two_soundings():
    columns = read("wyoming_list", WYOMING_LIST + WYOMING_LIST.replace("12Z 22 May", "00Z 23 May"))
    assert [column.valid_utc.day for column in columns] == [22, 23]


# ---- SPC


def test_spc_sorts_and_drops_what_is_below_ground():
    column = read("spc")[0]
    assert slugs(column) == {"out-of-order", "below-ground"}
    assert (column.station, column.valid_utc) == ("OAX", datetime(1998, 6, 14, tzinfo=UTC))
    assert (column.lat_deg, column.lon_deg) == (41.32, -96.37)


def test_spc_two_digit_years():
    assert read("spc", SPC.replace("980614", "040523"))[0].valid_utc.year == 2004
    assert read("spc", SPC.replace("980614", "19980614"))[0].valid_utc.year == 1998
    with pytest.raises(ReadError, match="not a time"):
        read("spc", SPC.replace("980614", "981314"))


def test_spc_cut_off():
    assert "cut-off" in slugs(read("spc", SPC.replace("%END%", ""))[0])
    with pytest.raises(ReadError, match="%RAW%"):
        read("spc", SPC.split("%RAW%")[0])


# ---- IEM


def test_iem_reads_a_literal_nan_as_missing():
    column = read("iem_json")[0]
    assert slugs(column) == {"below-ground"}
    assert np.isnan(column.wind_east_m_s[-1])
    assert column.top_msl_m == pytest.approx(5905.5, abs=0.1)


@pytest.mark.parametrize(
    ("old", "new"),
    [("270.0", "1e400"), ("270.0", "-Infinity"), ("1000.0", '"x"'), ("100.0", "1" + "0" * 400)],
)
def test_iem_absurd_numbers_are_missing(old, new):
    columns = read("iem_json", IEM_JSON.replace(old, new, 1))
    assert len(columns) == 1


@pytest.mark.parametrize(
    "text", ['{"profiles": 5}', '{"profiles": []}', '{"profiles": [1]}', '{"profiles": [{"profile": [1]}]}']
)
def test_iem_of_another_shape_is_refused(text):
    with pytest.raises(ReadError):
        read("iem_json", text)


def test_iem_speed_in_another_unit_is_refused():
    with pytest.raises(ReadError, match="sknt"):
        read("iem_json", IEM_JSON.replace("sknt", "smps"))


# ---- PECAN


def test_pecan_misnamed_columns_are_components():
    columns = read("pecan")
    assert [(column.member, column.valid_utc.hour) for column in columns] == [("MEAN", 0), ("mem001", 6)]
    for column in columns:
        assert "wind-columns-misnamed" in slugs(column)
    assert "ensemble-mean" in slugs(columns[0])


def test_pecan_with_honest_names():
    columns = read("pecan", PECAN.replace("WDIR, WSPD", "UWIN, VWIN").replace("MEAN", "DETERMINISTIC"))
    assert columns[0].member == ""
    assert not columns[0].problems


def test_pecan_that_does_not_tell_is_refused():
    with pytest.raises(ReadError, match="UWIN,VWIN"):
        read("pecan", PECAN.replace(",-1.0,", ",1.0,"))


# ---- BUFKIT


def test_bufkit_levels_over_two_lines():
    first, second = read("bufkit")
    assert (first.station, first.valid_utc) == ("KBOI", datetime(2011, 1, 9, tzinfo=UTC))
    assert second.valid_utc == datetime(2011, 1, 9, 3, tzinfo=UTC)
    assert first.base_utc == second.base_utc == datetime(2011, 1, 9, tzinfo=UTC)
    assert (second.lat_deg, second.lon_deg) == (43.57, -116.22)
    assert second.altitude_msl_m.size == 3  # the surface series after the soundings is not a level
    assert wind_at(second, 5900) == (pytest.approx(280.0), pytest.approx(80.0))
    assert not first.problems


def test_bufkit_cut_off_in_a_level():
    text = BUFKIT.split("\nSTN ")[0].rstrip().removesuffix("5900.00")
    last = read("bufkit", text)[-1]
    assert "cut-off" in slugs(last)
    assert last.altitude_msl_m.size == 2


def test_bufkit_without_what_is_needed():
    with pytest.raises(ReadError, match="SKNT"):
        read("bufkit", BUFKIT.replace("SKNT", "SMPS"))
