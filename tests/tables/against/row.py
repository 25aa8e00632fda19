"""One comparison with something published: a line of the page, and what its test asserts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

# computed: a formula, nothing adjustable; fitted: a number of ours was chosen to meet this very line; predicted: flown,
# nothing chosen to meet it
Kind = Literal["computed", "fitted", "predicted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A quantity, whose word is taken for it, both values, how far apart they are, and how far they may be."""

    quantity: str
    authority: str
    ours: str
    theirs: str
    error: float
    limit: float
    unit: str  # of error and limit
    kind: Kind

    @property
    def holds(self) -> bool:
        """Within the limit; what is no number never is."""
        return math.isfinite(self.error) and abs(self.error) <= self.limit

    def __str__(self) -> str:
        return f"{self.quantity}: {self.ours}, {self.authority} says {self.theirs}; off by {self.off}"

    @property
    def off(self) -> str:
        """The error and its limit in words."""
        return f"{figure(self.error, 2)} of {figure(self.limit)} {self.unit}"


def near(
    quantity: str,
    authority: str,
    ours: ArrayLike,
    theirs: ArrayLike,
    *,
    limit: float,
    unit: str,
    kind: Kind = "predicted",
    scale: ArrayLike | None = None,
    note: str = "",
) -> Row:
    """The worst of one or many pairs. `unit` "%": error as a share of theirs, or of `scale` where that is given.

    note: what was chosen to meet it, told beside ours.
    """
    got, want = np.broadcast_arrays(np.asarray(ours, float), np.asarray(theirs, float))
    error = got - want
    if unit == "%":
        error = 100.0 * error / (want if scale is None else np.broadcast_to(scale, want.shape))
    worst = int(np.argmax(np.where(np.isfinite(error), np.abs(error), np.inf)))
    many = f" (worst of {got.size})" if got.size > 1 else ""
    return Row(
        quantity=quantity + many,
        authority=authority,
        ours=figure(float(got.flat[worst])) + (f" ({note})" if note else ""),
        theirs=figure(float(want.flat[worst])),
        error=float(error.flat[worst]),
        limit=limit,
        unit=unit,
        kind=kind,
    )


def inside(
    quantity: str,
    authority: str,
    ours: ArrayLike,
    low: float,
    high: float,
    *,
    unit: str,
    kind: Kind = "predicted",
) -> Row:
    """One or many values in a published band; the error is how far the worst lies outside."""
    got = np.atleast_1d(np.asarray(ours, float))
    out = float(np.max(np.where(np.isfinite(got), np.maximum(low - got, got - high), np.inf)))
    ends = [figure(float(got.min())), figure(float(got.max()))]
    return Row(
        quantity=quantity,
        authority=authority,
        ours=ends[0] if got.size == 1 else " to ".join(ends),
        theirs=f"{figure(low)} to {figure(high)}" if math.isfinite(high) else f"{figure(low)} or more",
        error=max(out, 0.0),
        limit=0.0,
        unit=unit,
        kind=kind,
    )


def reported(quantity: str, authority: str, ours: str, error: float = 0.0, *, unit: str = "") -> Row:
    """Told without a limit of its own: one of many that another row limits, or what nobody has published."""
    return Row(
        quantity=quantity, authority=authority, ours=ours, theirs="", error=error, limit=math.inf, unit=unit,
        kind="predicted",
    )  # fmt: skip


def equal(quantity: str, authority: str, differing: int, of: int, kind: Kind = "computed") -> Row:
    """Two implementations that must agree to the last bit: how many answers differ."""
    return Row(
        quantity=quantity,
        authority=authority,
        ours=f"{of - differing} of {of} equal",
        theirs="all",
        error=float(differing),
        limit=0.0 if of else -1.0,
        unit="answers",
        kind=kind,
    )


def figure(value: float, digits: int = 4) -> str:
    """A number as people write it: a few figures, and no exponent where none is needed."""
    if not math.isfinite(value):
        return "∞" if value > 0 else ("-∞" if value < 0 else "no number")
    if value == 0.0:
        return "0"
    if abs(value) >= 1000:
        return f"{value:,.0f}" if abs(value) >= 100_000 else f"{value:,.1f}".removesuffix(".0")
    if abs(value) < 1e-4:
        size = math.floor(math.log10(abs(value)))
        return f"{value / 10.0**size:.{digits - 1}g}e{size}"
    places = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
