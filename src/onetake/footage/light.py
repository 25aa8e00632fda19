"""Light: from the codes of a picture back to what fell on the sensor. Blur adds up in light, not in codes.

Curves: ITU-R BT.709-6, IEC 61966-2-1 (sRGB), ITU-R BT.2100-2 (PQ, HLG); numbers of the curves: ITU-T H.273 table 3.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from onetake.errors import ChoiceError
from onetake.footage.read import Film
from onetake.seams import no_such

Array = NDArray[np.float64]
TRANSFERS = ("bt709", "srgb", "linear", "gamma 2.2", "gamma 2.8", "pq", "hlg")
_NUMBERED = {
    4: "gamma 2.2",
    5: "gamma 2.8",
    8: "linear",
    13: "srgb",
    16: "pq",
    18: "hlg",
}  # all others: bt709


def transfer_of(film: Film) -> str:
    """The curve that the film names; BT.709 where it names none."""
    return _NUMBERED.get(film.transfer, "bt709")


def light_table(film: Film, transfer: str | None = None) -> NDArray[np.float32]:
    """Relative light of each code, (2**bits,); code black is 0 and code white is 1. Raises ChoiceError."""
    curve = transfer or transfer_of(film)
    if curve not in TRANSFERS:
        raise ChoiceError(no_such(curve, TRANSFERS, "transfer"), TRANSFERS)
    codes = np.arange(2**film.bits, dtype=float)
    step = 2.0 ** (film.bits - 8)
    signal = codes / (2**film.bits - 1) if film.full_range else (codes - 16.0 * step) / (219.0 * step)
    return light_of(signal, curve).astype(np.float32)


def light_of(signal: Array, curve: str) -> Array:
    """Light that gave a signal (0 black, 1 white); below black it goes on as a line, so that noise stays even."""
    v = np.maximum(signal, 0.0)
    match curve:
        case "linear":
            light = v
        case "gamma 2.2" | "gamma 2.8":
            light = v ** float(curve.removeprefix("gamma "))
        case "srgb":
            light = np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)
        case "pq":
            root = np.minimum(v, 1.0) ** (1.0 / 78.84375)
            light = (np.maximum(root - 0.8359375, 0.0) / (18.8515625 - 18.6875 * root)) ** (
                1.0 / 0.1593017578125
            )
        case "hlg":
            light = np.where(
                v <= 0.5, v * v / 3.0, (np.exp((v - 0.55991073) / 0.17883277) + 0.28466892) / 12.0
            )
        case _:
            light = np.where(v < 0.081, v / 4.5, ((v + 0.099) / 1.099) ** (1.0 / 0.45))
    slope = light_slope_at_black(curve)
    return np.where(signal < 0.0, signal * slope, light)


def light_slope_at_black(curve: str) -> float:
    """How light grows with the signal just above black."""
    return {"linear": 1.0, "srgb": 1.0 / 12.92, "bt709": 1.0 / 4.5}.get(curve, 0.0)
