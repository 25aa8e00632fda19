"""One profile out of many: by name, time and place, and never by chance."""

from datetime import UTC, datetime

import pytest

from onetake.errors import ChoiceError
from onetake.weather.choice import Listing, distance_m, instant, pick

T0, T6 = datetime(2016, 2, 12, tzinfo=UTC), datetime(2016, 2, 12, 6, tzinfo=UTC)


def listing(station="OUN", valid=T0, **more):
    return Listing(station=station, valid_utc=valid, **more)


def test_the_only_one_needs_no_choice():
    assert pick([listing()]) == 0
    assert pick([listing()], lat_deg=10.0, lon_deg=10.0) == 0


def test_by_station_whatever_its_case():
    assert pick([listing("ABC"), listing("OUN")], station=" oun ") == 1


def test_a_wrong_station_lists_what_there_is():
    with pytest.raises(ChoiceError, match=r"did you mean 'OUN'.*ABC, OUN"):
        pick([listing("ABC"), listing("OUN")], station="OUM")


def test_by_exact_time_in_any_zone():
    profiles = [listing(valid=T0), listing(valid=T6)]
    assert pick(profiles, time="2016-02-12T06:00Z") == 1
    assert pick(profiles, time="2016-02-12T10:00+04:00") == 1
    assert pick(profiles, time=datetime(2016, 2, 12, 6)) == 1  # noqa: DTZ001
    with pytest.raises(ChoiceError, match=r"nearest is 2016-02-12T06:00Z"):
        pick(profiles, time="2016-02-12T06:01Z")


def test_a_missing_choice_lists_what_there_is():
    with pytest.raises(ChoiceError, match=r"2 times.*--time.*T00:00Z, 2016-02-12T06:00Z"):
        pick([listing(valid=T0), listing(valid=T6)])
    with pytest.raises(ChoiceError, match=r"2 stations.*--station: ABC, OUN"):
        pick([listing("ABC"), listing("OUN")])


def test_the_nearest_station():
    profiles = [
        listing("A", lat_deg=10.0, lon_deg=179.0),
        listing("B", lat_deg=10.0, lon_deg=170.0),
        listing("C"),
    ]
    assert pick(profiles, lat_deg=10.0, lon_deg=-179.5) == 0  # across the date line
    assert pick(profiles, lat_deg=11.0, lon_deg=172.0) == 1


def test_stations_without_places_are_chosen_by_name():
    with pytest.raises(ChoiceError, match="does not say where"):
        pick([listing("A"), listing("B")], lat_deg=1.0, lon_deg=1.0)


@pytest.mark.parametrize("place", [(91.0, 0.0), (float("nan"), 0.0), (0.0, 400.0), (1.0, None), (None, 1.0)])
def test_a_place_that_is_none(place):
    with pytest.raises(ChoiceError):
        pick([listing()], lat_deg=place[0], lon_deg=place[1])


def test_members():
    profiles = [listing(member="mem1"), listing(member="MEAN"), listing(member="mem2")]
    assert pick(profiles) == 1
    assert pick(profiles, station="oun/MEM2") == 2
    with pytest.raises(ChoiceError, match=r"2 members.*OUN/mem1, OUN/mem2"):
        pick([profiles[0], profiles[2]])
    with pytest.raises(ChoiceError, match=r"OUN/mem1, OUN/MEAN"):
        pick(profiles, station="OUN/mem9")


def test_a_very_long_list_is_shortened():
    profiles = [listing(f"S{i}") for i in range(5000)]
    with pytest.raises(ChoiceError) as caught:
        pick(profiles)
    assert len(str(caught.value)) < 2000
    assert "4900 more" in str(caught.value)


def test_profiles_without_time():
    with pytest.raises(ChoiceError, match="leave the time out"):
        pick([listing(valid=None)], time=T0)


@pytest.mark.parametrize("text", ["", "noon", "2016-13-01", "0001-01-01T00:00+14:00"])
def test_a_time_that_is_none(text):
    with pytest.raises(ChoiceError):
        instant(text)


def test_nothing_to_choose_from():
    with pytest.raises(ChoiceError):
        pick([])


def test_distance_round_the_earth():
    assert distance_m((0, 0), (0, 90)) == pytest.approx(10_007_557, abs=10)  # quarter of 2 pi 6371.0088 km
    assert distance_m((24.4, 54.4), (24.4, 54.4)) == 0.0
