"""The subject: its tag followed through a film, and what each picture tells of range, framing and focus."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onetake.axes import from_matrix
from onetake.errors import InputError
from onetake.footage.dailies import CANNOT_TELL, Dailies
from onetake.footage.fit import Fit, fit_tag
from onetake.footage.libraries import opencv
from onetake.footage.light import light_table
from onetake.footage.optics import Optics
from onetake.footage.pose import Pose, poses_of
from onetake.footage.read import Codes, Film, Picture, Progress, open_film, pictures
from onetake.footage.sharpness import AtEyes, at_eyes, blur_of, call_of
from onetake.footage.sides import Disc, behind
from onetake.footage.tag import Seen, Tag, find_tags, pattern, side_px
from onetake.lens.framing import HEAD_HEIGHT_M

Array = NDArray[np.float64]

_COARSE_PX = 1280  # a whole picture is looked through at this width
_TAG_PX = 120.0  # and a window so that the tag is about so large
_FORGET = 2  # pictures without the tag after which it is looked for anywhere
_EVERY = 12  # a whole picture at full size is looked through only so often: it takes half a second
_LEAST_SIDE_PX = 24.0  # a cell of three pixels
_LEAST_SHARE = 0.5  # of the pixels near lines must belong to the tag
_LEAST_CONTRAST = 4.0  # of black and white over the scatter
_CLIPPED = 0.98  # of full light: no telling what is above
# A corner's error beside what the fit tells: print, flatness, and what compression does alike along a whole side (found on
# films made with a known place: 0.02 to 0.04 px)
_CORNER_PX = 0.03
# How long the rows of a picture take to be read, of the time between pictures: not known, 1 sigma; cine cameras take a
# sixth to a third
_READ_SHARE = 0.3
_ALIKE = 6.0  # squared sigmas: two poses within this cannot be told apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one picture tells: the row of a Dailies. Fields are named as there; a column that is not told is NaN."""

    number: int
    time_s: float
    why: str
    row: dict[str, Any]
    disc: Disc | None = None


def watch(
    film: Film | str | os.PathLike[str],
    tag: Tag,
    optics: Optics,
    *,
    from_s: float = 0.0,
    to_s: float = math.inf,
    transfer: str | None = None,
    progress: Progress | None = None,
) -> Dailies:
    """Measure every picture between two times of the film's clock.

    transfer: the curve from light to code, where the film does not say it right (a log picture). progress: called with what
    is done, seconds done and their total. Raises ReadError for a film that cannot be read, InputError where the optics are
    of another size of picture.
    """
    opened = film if isinstance(film, Film) else open_film(film)
    eye = Eye(opened, tag, optics, transfer)
    shown = pictures(opened, from_s=from_s, to_s=to_s, progress=progress)
    return dailies_of(opened.path.name, optics, (eye.look(picture) for picture in shown))


def dailies_of(file: str, optics: Optics, looks: Iterable[Look]) -> Dailies:
    """Gather what the pictures told into arrays."""
    rows = _sided(list(looks), optics)
    columns = {
        name: np.array([look.row.get(name, np.full(shape, np.nan)) for look in rows], float).reshape(
            len(rows), *shape
        )
        for name, shape in _MEASURED.items()
    }
    return Dailies(
        file=file,
        criterion=optics.criterion,
        circle_m=optics.circle_m,
        width_px=optics.width_px,
        height_px=optics.height_px,
        number=np.array([look.number for look in rows], np.int64),
        time_s=np.array([look.time_s for look in rows], float),
        call=np.array([look.row.get("call", CANNOT_TELL) for look in rows], np.str_),
        judgeable=np.array([not look.why for look in rows], bool),
        why=np.array([look.why for look in rows], np.str_),
        **columns,
    )


def _sided(looks: list[Look], optics: Optics) -> list[Look]:
    """The looks with the disc at the eyes as all of them together tell the side of the focus, where nobody says the setting."""
    told = [(look, look.disc) for look in looks if look.disc is not None]
    if optics.focus_pupil_m is not None or not told:
        return looks
    sides = behind([disc for _, disc in told], np.array([look.time_s for look, _ in told]), optics)
    mended = {}
    for (look, disc), side in zip(told, sides, strict=True):
        glass = at_eyes(disc.blur, disc.tag_m, disc.eyes_m, optics, float(side))
        mended[look.number] = replace(look, row=look.row | glass_row(glass))
    return [mended.get(look.number, look) for look in looks]


def glass_row(glass: AtEyes) -> dict[str, Any]:
    """What the disc at the eyes is in a row of dailies."""
    return {
        "blur_m": glass.blur_m,
        "blur_sigma_m": glass.blur_sigma_m,
        "p_sharp": glass.p_sharp,
        "call": call_of(glass.p_sharp),
    }


_MEASURED: dict[str, tuple[int, ...]] = {
    "range_m": (), "range_sigma_m": (), "range_bias_m": (), "eyes_camera_m": (3,), "eyes_sigma_m": (3,), "bearing_rad": (),
    "elevation_rad": (), "q_camera_from_target": (4,), "target_px": (), "size_share": (), "edge_width_px": (),
    "edge_width_sigma_px": (), "disc_px": (), "disc_sigma_px": (), "blur_m": (), "blur_sigma_m": (), "motion_blur_px": (),
    "motion_blur_sigma_px": (), "motion_rad": (), "p_sharp": (),
}  # fmt: skip


class Eye:
    """Looks at one picture after the other, and remembers where the tag was."""

    def __init__(self, film: Film, tag: Tag, optics: Optics, transfer: str | None = None) -> None:
        if (film.width_px, film.height_px) != (optics.width_px, optics.height_px):
            raise InputError(
                f"the film's pictures are {film.width_px} x {film.height_px}, the optics are for {optics.width_px} x "
                f"{optics.height_px}"
            )
        self.tag, self.optics, self.bits = tag, optics, film.bits
        self.table = light_table(film, transfer)
        self.number = tag.number
        self.corners: Array | None = None
        self.rate_hz = float(film.rate)
        self.drift, self.turned = np.zeros(2), np.zeros(2)
        self.spread: Array | None = None
        self.pose: Pose | None = None
        self.missed = 0

    def look(self, picture: Picture) -> Look:
        """Measure one picture."""
        fit = self._follow(picture.luma)
        seen = None if fit is not None else self._find(picture.luma)
        if seen is not None:
            fit = self._fit(picture.luma, seen, None)
        if fit is None:
            self.missed += 1
            if self.missed > _FORGET:
                self.corners, self.pose = None, None
            why = "no tag seen" if seen is None else "the tag's edges cannot be followed"
            return Look(number=picture.number, time_s=picture.time_s, why=why, row={})
        self.missed = 0
        before = self.drift
        self.drift = np.zeros(2) if self.corners is None else (fit.corners_px - self.corners).mean(axis=0)
        self.turned = self.drift - before
        self.corners, self.spread = fit.corners_px, fit.spread
        row, why, disc = self._measure(fit)
        why = why or self._doubts(fit, row)
        return Look(
            number=picture.number, time_s=picture.time_s, why=why, row=row, disc=None if why else disc
        )

    def _follow(self, luma: Codes) -> Fit | None:
        """From where the tag was: laid over a shrunk window first, which catches it from some way off, then at full size."""
        if self.corners is None or self.missed or self.spread is None:
            return None
        expected = self.optics.bend(self.corners + self.drift)
        shrink = max(1, round(side_px(expected) / _TAG_PX))
        if shrink > 1:
            coarse = self._fit(luma, expected, None, shrink)
            if coarse is None:
                return None
            expected = self.optics.bend(coarse.corners_px)
        return self._fit(luma, expected, self.spread)

    def _find(self, luma: Codes) -> Array | None:
        """Corners of the tag to a few pixels: near where it was, else in the whole picture, coarse before fine."""
        if self.corners is not None:
            expected = self.optics.bend(self.corners + self.drift)
            size = side_px(expected)
            found = self._seek(luma, expected.mean(axis=0), 1.5 * size + 48.0, max(1.0, size / _TAG_PX))
            if found is not None:
                return found.corners_px
        height, width = luma.shape
        middle, reach = np.array([width / 2, height / 2]), float(max(width, height))
        shrinks = [max(1.0, width / _COARSE_PX), max(1.0, 2.0 * width / _COARSE_PX)]  # far and near
        if shrinks[0] > 1.0 and self.missed % _EVERY == 0:
            shrinks += [1.0]
        for shrink in shrinks:
            if found := self._seek(luma, middle, reach, shrink):
                return found.corners_px
        return None

    def _seek(self, luma: Codes, middle: Array, reach: float, shrink: float) -> Seen | None:
        """The tag in a square window of a picture, shrunk for speed; the largest of its family where none is named."""
        height, width = luma.shape
        left, top = np.maximum(np.floor(middle - reach), 0).astype(int)
        right, bottom = np.minimum(np.ceil(middle + reach), (width, height)).astype(int)
        if right - left < 16 or bottom - top < 16:
            return None
        window = _eight_bits(luma[top:bottom, left:right], self.bits)
        if shrink > 1.0:
            size = (max(1, round((right - left) / shrink)), max(1, round((bottom - top) / shrink)))
            small = opencv().resize(window, size, interpolation=opencv().INTER_AREA)
        else:
            small = np.ascontiguousarray(window)
        scale = np.array([(right - left) / small.shape[1], (bottom - top) / small.shape[0]])
        for seen in find_tags(small, self.tag.family):
            if self.number is None or seen.number == self.number:
                self.number = seen.number
                return Seen(seen.number, (seen.corners_px + 0.5) * scale - 0.5 + (left, top))
        return None

    def _fit(self, luma: Codes, corners: Array, spread: Array | None, shrink: int = 1) -> Fit | None:
        """Lay the pattern over the picture, or over one shrunk by a whole number; None where it does not come to lie.

        corners as the lens shows them, in pixels of the whole picture; what is told is straight.
        """
        assert self.number is not None
        height, width = luma.shape
        pad = 0.25 * side_px(corners) + 8.0
        left, top = np.maximum(np.floor(corners.min(axis=0) - pad), 0).astype(int)
        right, bottom = np.minimum(np.ceil(corners.max(axis=0) + pad), (width, height)).astype(int)
        if right - left < 16 * shrink or bottom - top < 16 * shrink:
            return None
        right, bottom = right - (right - left) % shrink, bottom - (bottom - top) % shrink
        light = self.table[luma[top:bottom, left:right]]
        if shrink > 1:
            size = ((right - left) // shrink, (bottom - top) // shrink)
            light = opencv().resize(light, size, interpolation=opencv().INTER_AREA)
        # the middle of the first pixel of the window, and what a pixel of it is worth
        origin, worth = np.array([left, top]) + (shrink - 1) / 2, float(shrink)
        fit = fit_tag(
            light,
            pattern(self.tag.family, self.number),
            (corners - origin) / worth,
            self.optics.own_px**2 / worth**2 + (1.0 - 1.0 / worth**2) / 12.0,
            spread=spread,
            rough=shrink > 1,
            straighten=None
            if self.optics.straight
            else lambda at: (self.optics.straighten(at * worth + origin) - origin) / worth,
        )
        if fit is None or not fit.settled or fit.white - fit.black < _LEAST_CONTRAST * fit.residual:
            return None
        return replace(fit, corners_px=fit.corners_px * worth + origin)

    def _measure(self, fit: Fit) -> tuple[dict[str, Any], str, Disc | None]:
        """The row of a picture whose tag was followed; why nothing can be said after all; and its defocus."""
        optics, tag = self.optics, self.tag
        cov_px2 = fit.corners_cov + np.eye(8) * _CORNER_PX**2
        poses = poses_of(self._read_at_once(fit.corners_px), cov_px2, tag.side_m, optics)
        if not poses:
            return {}, "the tag's corners are not those of a square", None
        pose, rival = self._likelier(poses)
        self.pose = pose
        there = np.array(tag.eyes_m)
        eyes, cov = pose.point(there)
        ahead = np.array([0.0, 0.0, optics.pupil_offset_m])
        if rival is not None:  # both ways of lying are open: half their difference is not known
            half = (rival.point(there)[0] - eyes) / 2
            cov = cov + np.outer(half, half)
        seen = eyes + ahead
        range_m = float(np.linalg.norm(seen))
        toward = seen / range_m
        bias = math.hypot(
            eyes[2] * math.hypot(tag.side_sigma_m / tag.side_m, optics.focal_sigma_share),
            optics.pupil_sigma_m,
            tag.eyes_sigma_m,
        )
        blur = blur_of(fit.spread, fit.spread_cov, optics)
        disc = Disc(blur, float(pose.place_m[2]), float(eyes[2]))
        return {
            "range_m": range_m,
            "range_sigma_m": math.hypot(math.sqrt(float(toward @ cov @ toward)), eyes[2] * self._rolled()),
            "range_bias_m": bias,
            "eyes_camera_m": seen,
            "eyes_sigma_m": np.sqrt(np.diag(cov)),
            "bearing_rad": math.atan2(eyes[0], eyes[2]),
            "elevation_rad": math.atan2(-eyes[1], math.hypot(eyes[0], eyes[2])),
            "q_camera_from_target": from_matrix(pose.rotation),
            "target_px": side_px(fit.corners_px),
            "size_share": HEAD_HEIGHT_M * optics.focal_px[1] / (eyes[2] * optics.height_px),
            "edge_width_px": blur.edge_px,
            "edge_width_sigma_px": blur.edge_sigma_px,
            "disc_px": blur.disc_px,
            "disc_sigma_px": blur.disc_sigma_px,
            "motion_blur_px": blur.streak_px,
            "motion_blur_sigma_px": blur.streak_sigma_px,
            "motion_rad": blur.streak_rad,
            **glass_row(at_eyes(blur, disc.tag_m, disc.eyes_m, optics)),
        }, "", disc  # fmt: skip

    def _read_at_once(self, corners_px: Array) -> Array:
        """Where the corners would be, were every row read with that of the tag's middle; as seen where nobody says how long."""
        if self.optics.readout_s is None:
            return corners_px
        late = (corners_px[:, 1] - corners_px[:, 1].mean()) / self.optics.height_px
        return corners_px - np.outer(late * self.optics.readout_s * self.rate_hz, self.drift)

    def _rolled(self) -> float:
        """Error of the size, as a share, where rows are read one after the other while the tag moves up or down.

        How far it moves is told since the picture before; half of what that changed by is not known of this moment.
        """
        if self.optics.readout_s is None:
            moved, share = float(self.drift[1]), _READ_SHARE
        else:
            moved, share = float(self.turned[1]) / 2.0, self.optics.readout_s * self.rate_hz
        return abs(moved) * share / self.optics.height_px / 2.0

    def _likelier(self, poses: list[Pose]) -> tuple[Pose, Pose | None]:
        """The pose that fits, or where both do the one nearer to the last; with its rival where nothing tells them apart."""
        if len(poses) == 1 or poses[1].misfit - poses[0].misfit > _ALIKE:
            return poses[0], None
        if self.pose is None:
            return poses[0], poses[1]
        near = max(poses, key=lambda pose: float(np.trace(pose.rotation.T @ self.pose.rotation)))  # type: ignore[union-attr]
        return near, None

    def _doubts(self, fit: Fit, row: dict[str, Any]) -> str:
        """Why a picture that was measured is still no witness; empty where it is."""
        assert self.number is not None
        cells = len(pattern(self.tag.family, self.number)) - 2
        if row["target_px"] < _LEAST_SIDE_PX:
            return "the tag is too small in the picture"
        if fit.share < _LEAST_SHARE:
            return "the tag is covered"
        if fit.white > _CLIPPED:
            return "the tag's white is burnt out"
        if row["motion_blur_px"] > row["target_px"] / cells:
            return "the picture is smeared by motion"
        return ""


def _eight_bits(codes: Codes, bits: int) -> NDArray[np.uint8]:
    eight: NDArray[np.uint8] = codes if bits == 8 else (codes >> (bits - 8)).astype(np.uint8)
    return eight
