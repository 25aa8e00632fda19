"""The board: a lens calibrated from a clip of a checkerboard, and the file that keeps what was found.

Pinhole with Brown's distortion, Zhang's method (IEEE PAMI 22, 2000) as OpenCV does it; the errors are those of its fit.
"""

from __future__ import annotations

import math
import os
import tomllib
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onetake import files
from onetake.errors import InputError, ReadError
from onetake.footage.fit import fit_tag, narrowest
from onetake.footage.libraries import opencv
from onetake.footage.light import light_table
from onetake.footage.optics import Calibration
from onetake.footage.read import Codes, Film, Progress, open_film, pictures

Array = NDArray[np.float64]

SCHEMA = "onetake.lens_calibration/1"
_LOOKED_AT = 60
_COARSE_PX = 1280
_LEAST_VIEWS, _MOST_VIEWS = 6, 40
_APART = 0.02  # of the picture's width; views closer than that say the same
_OUTLIER = 3.0  # times the median residual of a view
_LEAST_TILT_RAD = 0.15  # views that are all square cannot tell focal length from distance
_OWN_SHARE, _LEAST_OWN_SIGMA_PX = 0.1, 0.03


def calibrate_lens(
    clip: Film | str | os.PathLike[str],
    columns: int,
    rows: int,
    square_m: float,
    *,
    transfer: str | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Calibrate from a clip in which a checkerboard is shown all over the picture, tilted this way and that.

    columns, rows: inner corners of the board, one less than its squares. square_m: side of a square. Raises ReadError for
    a clip that cannot be read, InputError where the board is seen too seldom or always alike.
    """
    if not (3 <= columns <= 60 and 3 <= rows <= 60):
        raise InputError(
            f"a board of {columns} x {rows} inner corners; count the crossings, 3 to 60 each way"
        )
    if not 0.001 <= square_m <= 2.0:
        raise InputError(f"squares of {square_m} m; between 1 mm and 2 m makes sense")
    film = clip if isinstance(clip, Film) else open_film(clip)
    views: list[Array] = []
    spreads: list[float] = []
    table = light_table(film, transfer)
    gap_s = film.duration_s / _LOOKED_AT
    next_s = 0.0
    for picture in pictures(film, progress=progress):
        if picture.time_s < next_s:
            continue
        next_s = picture.time_s + gap_s
        corners = _corners(picture.luma, film, columns, rows)
        if corners is None or any(
            np.abs(corners - seen).max() < _APART * film.width_px
            or np.abs(corners - seen[::-1]).max() < _APART * film.width_px
            for seen in views
        ):
            continue
        views.append(corners)
        spread = _spread(picture.luma, table, corners.reshape(rows, columns, 2))
        if spread is not None:
            spreads.append(spread)
        if len(views) >= _MOST_VIEWS:
            break
    if len(views) < _LEAST_VIEWS:
        raise InputError(
            f"{film.path}: a board of {columns} x {rows} inner corners is seen in {len(views)} places; at least {_LEAST_VIEWS} are "
            "needed: check the numbers, and show it all over the picture, tilted"
        )
    return _solved(film, views, columns, rows, square_m, spreads)


def _corners(luma: Codes, film: Film, columns: int, rows: int) -> Array | None:
    """Inner corners (rows * columns, 2), found in a shrunk picture and refined in the whole."""
    cv = opencv()
    gray = luma if film.bits == 8 else (luma >> (film.bits - 8)).astype(np.uint8)
    gray = np.ascontiguousarray(gray)
    shrink = max(1.0, film.width_px / _COARSE_PX)
    size = (round(film.width_px / shrink), round(film.height_px / shrink))
    small = cv.resize(gray, size, interpolation=cv.INTER_AREA) if shrink > 1.0 else gray
    found, corners = cv.findChessboardCornersSB(small, (columns, rows))
    if not found:
        return None
    scale = np.array([film.width_px / size[0], film.height_px / size[1]])
    whole: Array = (np.asarray(corners, float).reshape(-1, 2) + 0.5) * scale - 0.5
    if shrink > 1.0:
        across = np.linalg.norm(np.diff(whole.reshape(rows, columns, 2), axis=1), axis=2).min()
        reach = int(np.clip(across / 4.0, 3, 25))
        criteria = (cv.TERM_CRITERIA_EPS + cv.TERM_CRITERIA_MAX_ITER, 40, 1e-3)
        refined = cv.cornerSubPix(
            gray, whole.astype(np.float32).reshape(-1, 1, 2), (reach, reach), (-1, -1), criteria
        )
        whole = np.asarray(refined, float).reshape(-1, 2)
    return whole


def _spread(luma: Codes, table: NDArray[np.float32], corners: Array) -> float | None:
    """The narrowest second moment of the board's edges, px²; None where its pattern does not come to lie."""
    n = min(corners.shape[:2]) - 1
    quad = np.array([corners[0, 0], corners[0, n], corners[n, n], corners[n, 0]])
    pad = 1.2 * np.ptp(quad, axis=0).max() / n
    height, width = luma.shape
    left, top = np.maximum(np.floor(quad.min(axis=0) - pad), 0).astype(int)
    right, bottom = np.minimum(np.ceil(quad.max(axis=0) + pad), (width, height)).astype(int)
    light = table[luma[top:bottom, left:right]]
    u, v = np.meshgrid(np.arange(n + 2), np.arange(n + 2))
    for first in (0, 1):  # which squares are white
        cells = ((u + v + first) % 2).astype(np.float32)
        fit = fit_tag(light, cells, quad - (left, top), 1.0 / 12.0)
        if fit is not None and fit.settled and fit.white > fit.black and fit.share > 0.8:
            return narrowest(fit.spread)
    return None


def _solved(
    film: Film, views: list[Array], columns: int, rows: int, square_m: float, spreads: list[float]
) -> Calibration:
    cv = opencv()
    board = np.zeros((rows * columns, 3), np.float32)
    board[:, :2] = np.mgrid[0:columns, 0:rows].T.reshape(-1, 2) * square_m
    for _ in range(2):
        shown = [view.astype(np.float32).reshape(-1, 1, 2) for view in views]
        rms, camera, bent, turns, _, sigmas, _, each = cv.calibrateCameraExtended(
            [board] * len(shown), shown, (film.width_px, film.height_px), None, None
        )
        rest = np.ravel(each)
        kept = rest < _OUTLIER * np.median(rest) + 1e-9
        if kept.all() or np.count_nonzero(kept) < _LEAST_VIEWS:
            break
        views = [view for view, good in zip(views, kept, strict=True) if good]
    tilts = [math.acos(min(1.0, abs(float(cv.Rodrigues(turn)[0][2, 2])))) for turn in turns]
    if sum(tilt > _LEAST_TILT_RAD for tilt in tilts) < _LEAST_VIEWS // 2:
        raise InputError(
            f"{film.path}: the board is shown squarely all the time, which cannot tell the focal length; tilt it by 20 degrees and more"
        )
    sigma_px = float(np.max(np.ravel(sigmas)[:2]))
    if not (math.isfinite(rms) and math.isfinite(sigma_px) and rms < 5.0):
        raise InputError(
            f"{film.path}: the board's corners do not fit a lens ({rms:.1f} px off); is it flat, and counted right?"
        )
    k = [float(part) for part in np.ravel(bent)[:5]]
    own_px = math.sqrt(sorted(spreads)[min(1, len(spreads) - 1)]) if spreads else None
    return Calibration(
        width_px=film.width_px,
        height_px=film.height_px,
        focal_px=(float(camera[0, 0]), float(camera[1, 1])),
        centre_px=(float(camera[0, 2]), float(camera[1, 2])),
        distortion=(k[0], k[1], k[2], k[3], k[4]),
        focal_sigma_px=sigma_px,
        residual_px=float(rms),
        views=len(views),
        own_px=own_px,
        own_sigma_px=None if own_px is None else max(_OWN_SHARE * own_px, _LEAST_OWN_SIGMA_PX),
    )


def write_calibration(calibration: Calibration, target: str | os.PathLike[str]) -> Path:
    """Keep a calibration in a TOML file. Raises WriteError."""
    lines = [f'schema = "{SCHEMA}"']
    for name, value in asdict(calibration).items():
        if value is not None:
            lines.append(f"{name} = {list(value) if isinstance(value, tuple) else value}")
    return files.write_text(target, "\n".join(lines) + "\n")


def read_calibration(path: str | os.PathLike[str]) -> Calibration:
    """A calibration out of its file. Raises ReadError."""
    source = Path(path)
    try:
        table = tomllib.loads(source.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ReadError(f"{source}: no such file") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ReadError(f"{source}: is no calibration of a lens ({error})") from error
    if table.pop("schema", None) != SCHEMA:
        raise ReadError(f'{source}: is no calibration of a lens: it does not begin with schema = "{SCHEMA}"')
    wanted = {one.name for one in fields(Calibration)}
    if table.keys() - wanted or wanted - table.keys() - {"own_px", "own_sigma_px"}:
        odd = sorted(table.keys() ^ wanted)
        raise ReadError(f"{source}: is not a whole calibration of a lens; look at {', '.join(odd)}")
    made = {name: _numbers(source, name, value) for name, value in table.items()}
    return Calibration(**made)


_COUNTS = {"focal_px": 2, "centre_px": 2, "distortion": 5}


def _numbers(source: Path, name: str, value: Any) -> Any:
    """A number above zero, or as many numbers as belong there."""
    parts = value if isinstance(value, list) else [value]
    good = all(
        isinstance(part, int | float) and not isinstance(part, bool) and math.isfinite(part) for part in parts
    )
    if not good or len(parts) != _COUNTS.get(name, 1) or isinstance(value, list) != (name in _COUNTS):
        raise ReadError(f"{source}: {name} = {value!r} is not what a calibration holds there")
    if name not in ("distortion", "centre_px") and min(parts) <= 0:
        raise ReadError(f"{source}: {name} = {value!r} must be above zero")
    return tuple(float(part) for part in parts) if isinstance(value, list) else value
