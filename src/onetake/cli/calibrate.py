"""`onetake calibrate LOG …`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onetake.cli.answer import Answer, Json
from onetake.units import MPH_M_S

if TYPE_CHECKING:
    from onetake.api.calibrate import Calibration

EXAMPLE = "onetake calibrate TRACK.CSV"


def command(
    logs: Annotated[
        list[Path], typer.Argument(metavar="LOG …", help="one person's freefall logs", show_default=False)
    ],
    *,
    person: Annotated[str | None, typer.Option(help="whose logs they are", show_default=False)] = None,
    weather: Annotated[
        Path | None,
        typer.Option(help="a sounding of the day, for the density of the air", show_default=False),
    ] = None,
    recording: Annotated[
        str | None, typer.Option(help="choose one recording of many, by name or number", show_default=False)
    ] = None,
    json: Json = False,
) -> Answer:
    """One person's drag area over mass from freefall logs, and how well it foretells the rest of each fall."""
    from onetake.api.calibrate import calibrate_person, calibration_record

    found = calibrate_person(*logs, person=person, weather=weather, recording=recording)
    return calibration_record(found) if json else _words(found)


def _words(found: Calibration) -> str:
    who = found.person or "this person"
    lines = []
    if found.cda_per_m_m2_kg is None or found.ci95 is None:
        lines.append(f"{who}: no steady fall, so no drag area")
    else:
        low, high = found.ci95
        lines.append(f"{who}: CdA/m {found.cda_per_m_m2_kg:.5f} m²/kg ({low:.5f} to {high:.5f})")
        lines.append(
            f"falls at {_mph(found.cda_per_m_m2_kg):.0f} mph at sea level ({_mph(high):.0f} to {_mph(low):.0f})"
        )
        lines.append(f"the second halves were foretold to {found.predicted_rms_m_s:.2f} m/s (rms)")
    for one in found.logs:
        if one.fit is not None:
            lines.append(
                f"  {one.file}: {one.fit.cda_per_m_m2_kg:.5f} from {one.fit.fitted_s[0]:.0f} to "
                f"{one.fit.fitted_s[1]:.0f} s, foretold to {one.fit.predicted_s[1]:.0f} s to {one.fit.predicted_rms_m_s:.2f} m/s"
            )
    lines += [
        f"  {phase.from_s:5.0f} to {phase.to_s:3.0f} s: {phase.cda_per_m_m2_kg:.5f} ({phase.ci95[0]:.5f} to {phase.ci95[1]:.5f})"
        for phase in found.phases
    ]
    return "\n".join(lines + [f"problem: {one.text} [{one.slug}]" for one in found.problems])


def _mph(cda_per_m_m2_kg: float) -> float:
    from onetake.rehearse.fall import sea_level_terminal_m_s

    return sea_level_terminal_m_s(cda_per_m_m2_kg) / MPH_M_S
