"""`onetake calibrate LOG …`, and `onetake calibrate CLIP --board 9x6 --square "25 mm"`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onetake.cli.answer import Answer, Json
from onetake.units import MPH_M_S

if TYPE_CHECKING:
    from onetake.api.calibrate import Calibration
    from onetake.footage.optics import Calibration as LensCalibration

EXAMPLE = "onetake calibrate TRACK.CSV"


def command(
    logs: Annotated[
        list[Path],
        typer.Argument(
            metavar="LOG … | CLIP",
            help="one person's freefall logs, or a film of a checkerboard",
            show_default=False,
        ),
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
    board: Annotated[
        str | None,
        typer.Option(
            help="a lens, from a film of a checkerboard with so many inner corners, such as 9x6",
            show_default=False,
        ),
    ] = None,
    square: Annotated[
        str | None, typer.Option(help='side of a square of the board, such as "25 mm"', show_default=False)
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="where the lens's calibration goes", show_default=False),
    ] = None,
    json: Json = False,
) -> Answer:
    """One person's drag area over mass from freefall logs, or a lens from a film of a checkerboard."""
    if board is not None or square is not None or out is not None:
        return _lens(logs, board, square, out, json)
    from onetake.api.calibrate import calibrate_person, calibration_record

    found = calibrate_person(*logs, person=person, weather=weather, recording=recording)
    return calibration_record(found) if json else _words(found)


def _lens(clips: list[Path], board: str | None, square: str | None, out: Path | None, json: bool) -> Answer:
    from onetake.errors import InputError

    if board is None or square is None or len(clips) != 1:
        raise InputError('a lens needs one film, --board 9x6 (its inner corners) and --square "25 mm"')
    from onetake.api.calibrate_lens import calibrate_lens, lens_record
    from onetake.cli.progress import Bar
    from onetake.units import parse

    with Bar() as tell:
        found = calibrate_lens(
            clips[0], board=board, square_m=parse(square, "length"), out=out, progress=tell
        )
    return lens_record(found, out) if json else _lens_words(found, out)


def _lens_words(found: LensCalibration, out: Path | None) -> str:
    share = 100 * found.focal_sigma_px / found.focal_px[0]
    lines = [
        f"{found.views} views of the board fit to {found.residual_px:.2f} px",
        f"focal length {found.focal_px[0]:.1f} x {found.focal_px[1]:.1f} px ± {found.focal_sigma_px:.1f} ({share:.2f} %), "
        f"for pictures of {found.width_px} x {found.height_px}",
        f"middle {found.centre_px[0]:.1f}, {found.centre_px[1]:.1f}; distortion "
        + " ".join(f"{part:.4f}" for part in found.distortion),
    ]
    if found.own_px is not None:
        lines.append(f"its sharpest edges are spread by {found.own_px:.2f} ± {found.own_sigma_px:.2f} px")
    if out is not None:
        lines.append(f"written to {out}")
    return "\n".join(lines)


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
