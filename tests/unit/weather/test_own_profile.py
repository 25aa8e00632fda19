"""The product's own profile is strict: what is not understood is refused with its line."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from onetake.errors import ReadError
from onetake.units import FT_M, KT_M_S, MPH_M_S
from onetake.weather.atmosphere import pressure_at_pressure_altitude_pa
from onetake.weather.file import read_column
from onetake.weather.sources import own_csv, own_toml

# small files in each text format, written by hand to the format's description
FOLDER = Path(__file__).resolve().parents[2] / "samples" / "weather"
SAMPLES = {path.stem: path.read_bytes().decode() for path in sorted(FOLDER.iterdir())}
OWN_CSV, OWN_TOML = (SAMPLES["own_csv"], SAMPLES["own_toml"])


EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
HEAD = "# schema = onetake.profile/1\n# elevation = 100 ft\n"


def csv(text):
    return own_csv.read(text.encode(), "p.csv")[0]


def toml(text):
    return own_toml.read(text.encode(), "p.toml")[0]


@pytest.mark.parametrize("column", [csv(OWN_CSV), toml(OWN_TOML)], ids=["csv", "toml"])
def test_the_head(column):
    assert column.station == "sample"
    assert (column.lat_deg, column.lon_deg) == (25.0, 55.0)
    assert column.base_utc == datetime(2011, 10, 8, tzinfo=UTC)
    assert column.valid_utc == datetime(2011, 10, 11, tzinfo=UTC)
    assert [note.text for note in column.notes if note.slug != "no-humidity"] == ["made up"]
    assert column.problems == ()


def test_csv_and_toml_say_the_same():
    a, b = csv(OWN_CSV), toml(OWN_TOML)
    np.testing.assert_allclose(a.wind_east_m_s, b.wind_east_m_s)
    np.testing.assert_allclose(a.altitude_msl_m, b.altitude_msl_m)


@pytest.mark.parametrize(
    ("names", "row", "altitude_msl_m", "speed_m_s"),
    [
        ("altitude_msl_ft,wind_from_deg,wind_kt", "1000,270,20", 1000 * FT_M, 20 * KT_M_S),
        ("altitude_ft_msl,wind_from_deg,wind_mph", "1000,270,20", 1000 * FT_M, 20 * MPH_M_S),
        ("altitude_msl_m,wind_from_deg,wind_m_s", "1000,270,20", 1000, 20),
        ("height_agl_ft,wind_from_deg,wind_km_h", "1000,270,36", 1100 * FT_M, 10),
        ("height_agl_m,u_m_s,v_m_s", "1000,12,0", 1000 + 100 * FT_M, 12),
        ("geopotential_m,wind_east_kt,wind_north_kt", "0,20,0", 0, 20 * KT_M_S),
    ],
)
def test_units_stand_in_the_column_names(names, row, altitude_msl_m, speed_m_s):
    column = csv(f"{HEAD}{names}\n{row}\n")
    assert column.altitude_msl_m[0] == pytest.approx(altitude_msl_m)
    assert column.wind_east_m_s[0] == pytest.approx(speed_m_s)
    assert column.wind_north_m_s[0] == pytest.approx(0, abs=1e-12)


def test_levels_may_come_from_the_top_and_have_holes():
    column = csv(
        f"{HEAD}altitude_msl_m,temperature_c,wind_from_deg,wind_kt\n3000,,180,20\n100,15,,\n1000,10,0,0\n"
    )
    assert column.altitude_msl_m.tolist() == pytest.approx([100, 1000, 3000])
    assert column.has_wind.tolist() == [False, True, True]
    assert "out-of-order" in [note.slug for note in column.problems]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "altitude_msl_ft,wind_speed,wind_from_deg\n1,2,3",
            r"p\.csv:3: found column 'wind_speed'.*did you mean",
        ),
        ("altitude_msl_ft\n1", "no column for the wind"),
        ("wind_kt,wind_from_deg\n1,2", "no column for the height"),
        ("altitude_msl_ft,wind_kt\n1,2", "half a wind"),
        ("altitude_msl_ft,wind_from_deg,wind_kt\n1,2", r"p\.csv:4: found 2 cells"),
        ("altitude_msl_ft,wind_from_deg,wind_kt\n1,2,x", r"p\.csv:4: found 'x' under wind_kt"),
        ("altitude_msl_ft,wind_from_deg,wind_kt\n1,361,5", r"p\.csv:4: found an impossible wind"),
        ("altitude_msl_ft,wind_from_deg,wind_kt\n1,90,-5", r"p\.csv:4: found an impossible wind"),
        ("altitude_msl_ft,wind_from_deg,wind_kt\n1,,5", r"p\.csv:4: found a wind speed without"),
        ("altitude_msl_ft,wind_kt,wind_mph,wind_from_deg\n1,2,3,4", "beside another"),
        ("altitude_msl_ft,geopotential_m,wind_kt,wind_from_deg\n1,2,3,4", r"p\.csv:4: found two heights"),
        ("altitude_msl_ft,wind_from_deg,wind_kt", "no level"),
        ("", "no line of column names"),
        (
            "altitude_msl_m,wind_from_deg,wind_m_s,u_m_s,v_m_s\n1,270,20,-20,0",
            r"p\.csv:4: found a wind from 270°",
        ),
    ],
)
def test_what_is_not_understood_is_refused_with_its_line(text, says):
    with pytest.raises(ReadError, match=says):
        csv(HEAD + text)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("# statoin = x", r"p\.csv:1: found key 'statoin'.*did you mean 'station'"),
        ("# schema = onetake.profile/2", "newer onetake"),
        ("# schema = onetake.shot/1", "onetake.profile/1"),
        ("# lat_deg = 95\n# lon_deg = 5", "-90 and 90"),
        ("# lat_deg = nan\n# lon_deg = 5", "-90 and 90"),
        ("# lat_deg = 5", "only one of"),
        ("# valid_utc = noon", "2011-10-11T00:00Z"),
        ("# elevation = 90", "with its unit"),
        ("# station = a\n# station = b", r"p\.csv:2: found station a second time"),
        ("# base_utc = 2011-10-12\n# valid_utc = 2011-10-11", "later"),
    ],
)
def test_a_head_that_is_not_understood(line, says):
    with pytest.raises(ReadError, match=says):
        csv(f"{line}\naltitude_msl_ft,wind_from_deg,wind_kt\n1,2,3\n")


def test_heights_above_ground_need_the_ground():
    with pytest.raises(ReadError, match=r"p\.csv:2: .*elevation"):
        csv("height_agl_ft,wind_from_deg,wind_kt\n1000,270,20\n")


def test_other_text_is_refused():
    with pytest.raises(ReadError, match="UTF-8"):
        own_csv.read("# note = Föhn\naltitude_msl_ft".encode("latin-1"), "p.csv")
    with pytest.raises(ReadError, match="UTF-8"):
        own_toml.read('station = "Föhn"'.encode("latin-1"), "p.toml")


def test_toml_altitudes_say_above_what():
    levels = ["3,000 ft MSL", "900 ft AGL", "FL180"]
    text = 'schema = "onetake.profile/1"\nelevation = "100 ft"\n' + "".join(
        f'[[level]]\naltitude = "{level}"\ntemperature = "5 C"\nwind_from = 270\nwind = "10 kt"\n'
        for level in levels
    )
    column = toml(text)
    assert column.altitude_msl_m[0] == pytest.approx(1000 * FT_M)
    i = int(np.flatnonzero(np.isfinite(column.pressure_pa))[0])
    assert column.pressure_pa[i] == pytest.approx(float(pressure_at_pressure_altitude_pa(18000 * FT_M)))


@pytest.mark.parametrize(
    ("level", "says"),
    [
        ("altitude = 3000", "no unit"),
        ('altitude = "3,000 ft"', "does not say above what"),
        ('altitude = "3,000 ft MSL"\nwind = "10 ft"\nwind_from = 9', "not a speed"),
        ('altitude = "3,000 ft MSL"\nwind = "10 kt"', "without a direction"),
        ('altitude = "3,000 ft MSL"\nwind_from = 20', "wind_from without wind"),
        ('altitude = "3,000 ft MSL"\nwind_from = true\nwind = "10 kt"', "not a number"),
        ('altitude = "3,000 ft MSL"\nwindfrom = 20', "did you mean 'wind_from'"),
        ('altitude = "FL999"\nwind_from = 20\nwind = "10 kt"', None),
    ],
)
def test_toml_levels_that_are_not_understood(level, says):
    text = f'schema = "onetake.profile/1"\n[[level]]\n{level}\n'
    if says is None:
        toml(text)
        return
    with pytest.raises(ReadError, match=says):
        toml(text)


@pytest.mark.parametrize(
    "text", ["x", 'schema = "onetake.profile/1"', "level = 3", "level = [3]", "a = " + "[" * 5000]
)
def test_toml_of_another_shape_is_refused(text):
    with pytest.raises(ReadError):
        toml(text)


def test_the_examples_read_without_problems():
    gulf = read_column(EXAMPLES / "halo/weather/gulf_2011-10-11T00.csv")
    assert gulf.problems == ()
    assert gulf.top_msl_m > 16000
    assert (gulf.valid_utc - gulf.base_utc).total_seconds() == 72 * 3600
    sport = read_column(EXAMPLES / "two-way/weather/sample_profile.csv")
    assert sport.problems == ()
    assert sport.top_msl_m >= 19999 * FT_M
    assert "made up" in sport.notes[0].text


def test_the_page_about_it_reads_as_written():
    page = (EXAMPLES.parent / "docs/profile.md").read_text()
    text = page.split("```text\n")[1].split("```")[0]
    assert csv(text).station == "Zephyrhills"
    text = page.split("```toml\n")[1].split("```")[0]
    assert toml(text).altitude_msl_m.size == 2
    for name in (*own_csv.COLUMNS, *own_toml.LEVEL_KEYS):
        assert name.rsplit("_kt", 1)[0] in page
