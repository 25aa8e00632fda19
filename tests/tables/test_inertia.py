"""Moments of inertia of the segment body against living men measured on a pendulum.

Santschi, DuBois, Omoto 1963 (AMRL-TDR-63-36), three of 66 men, as printed in Huston's table A.2.1: body mass, stature,
inertia about front-back, left-right and long axis, and depth of the centre of mass below the crown. Stated accuracy of
the method 2 to 8 %. Pose angles are not printed; ours are in jumper/data/segments.toml.
"""

from __future__ import annotations

import pytest
from against.body import MEN, POSES, men

from onetake.jumper.segments import figure, total
from onetake.units import IN_M, LB_KG

# depth below the crown in inches, same table: standing, arms over head, spread eagle, fourth position
DEPTHS_IN = ((32.2, 29.9, 29.5, 23.9), (29.8, 27.5, 27.2, 21.7), (31.8, 29.4, 29.5, 23.4))
WHO = ("nearest", "slight", "heavy")


# one table of proportions cannot fit every build: the heavy man (BMI 26.6) carries more of it near his middle
@pytest.mark.parametrize(("who", "tolerance"), [(1, 0.15), (2, 0.20)], ids=WHO[1:])
def test_the_other_two_men_scatter_as_people_do(who: int, tolerance: float) -> None:
    ours, theirs = men()
    assert ours[who] == pytest.approx(theirs[who], rel=tolerance)


@pytest.mark.parametrize("who", range(3), ids=WHO)
@pytest.mark.parametrize("column", range(4), ids=POSES)
def test_the_centre_of_mass_lies_where_it_was_measured(who: int, column: int) -> None:
    pounds, inches, _ = MEN[who]
    man = figure(POSES[column], mass_kg=pounds * LB_KG, height_m=inches * IN_M)
    mass, centre, _ = total(man.masses.values())
    assert mass == pytest.approx(pounds * LB_KG, rel=1e-4)  # the published fractions sum to 1
    crown_m = 2 * man.places_m["head"][0] - man.places_m["neck"][0]  # the table puts the centre halfway
    # 1 in of 30; in the fourth position, whose pose is fitted and not printed, 1.6 in
    within = 0.041 if POSES[column] == "sitting" else 0.0254
    assert float(crown_m - centre[0]) == pytest.approx(DEPTHS_IN[who][column] * IN_M, abs=within)


def test_flight_inertia_is_of_measured_size_not_of_the_flight_simulator_figure(shared) -> None:  # type: ignore[no-untyped-def]
    import tomllib

    from onetake.jumper.body import build_body

    rows = tomllib.loads((shared / "reference" / "body_inertia.toml").read_text("utf-8"))
    body = build_body(name="a", mass_kg=78.7, equipment_kg=0.0, height_m=1.834, neutral_speed_m_s=53.6)
    yaw, pitch, roll = rows["subject"][0]["spread_eagle"]
    # the box position is the spread eagle with arms and legs drawn in: less about every axis, by less than 40 %
    for moment, eagle in zip(body.principal_kg_m2, (roll, pitch, yaw), strict=True):
        assert 0.6 * eagle < moment < 1.05 * eagle
    assert body.principal_kg_m2.min() > 2 * max(rows["conflict"]["creare_parachutist_kgm2"])
