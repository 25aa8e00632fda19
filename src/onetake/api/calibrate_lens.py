"""`calibrate_lens`: focal length, middle and distortion of a camera and lens, read off a clip of a checkerboard."""

from __future__ import annotations

import os
import re

from onetake.api.record import Record, record
from onetake.errors import InputError
from onetake.files import can_write
from onetake.footage import board as boards
from onetake.footage.optics import Calibration
from onetake.footage.read import Progress

_BOARD = re.compile(r"^\s*(\d{1,3})\s*[x×X]\s*(\d{1,3})\s*$")


def calibrate_lens(
    clip: str | os.PathLike[str],
    *,
    board: str,
    square_m: float,
    out: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Calibrate from a clip of a checkerboard; with `out` also keep it in a file, which `read_calibration` reads.

    board: inner corners across and down, such as `9x6` (one less than the squares); square_m: side of a square. Raises
    InputError where the board is not seen well enough, ReadError, WriteError and MissingExtraError.
    """
    counted = _BOARD.match(board)
    if counted is None:
        raise InputError(f'{board!r} is no board; write how many inner corners it has across and down: "9x6"')
    if out is not None:
        can_write(out)
    found = boards.calibrate_lens(clip, int(counted[1]), int(counted[2]), square_m, progress=progress)
    if out is not None:
        boards.write_calibration(found, out)
    return found


def lens_record(found: Calibration, kept: str | os.PathLike[str] | None) -> Record:
    """The JSON object `onetake.calibrate/1` of a lens."""
    return record(
        "onetake.calibrate/1",
        kind="lens",
        width_px=found.width_px,
        height_px=found.height_px,
        focal_px=found.focal_px,
        focal_sigma_px=found.focal_sigma_px,
        centre_px=found.centre_px,
        distortion=found.distortion,
        residual_px=found.residual_px,
        views=found.views,
        own_px=found.own_px,
        own_sigma_px=found.own_sigma_px,
        calibration_file=kept,
    )
