"""The judge's verdicts and margins against another implementation of signal temporal logic."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np

from against.flown import Array, crew, over, standard_air
from against.row import Row, equal, near
from onetake.fly.scenario import shot_lens
from onetake.judge.bench import Bench, make_bench
from onetake.judge.glass import make_glass
from onetake.judge.logic import window_margin
from onetake.judge.score import read_scan, row_margins, scan_records
from onetake.judge.state import LANES, SEEN, SIGNALS, TICK_S, J
from onetake.shot.beat import Beat, Criterion

ORDER = 12
TITLE = "Temporal logic"
TEXT = """
Random beats (one to three criteria with one or two bounds, a hold, a window) judged over random signals by the compiled
scan, and asked of rtamt as "eventually, in the window, always for the hold": held where its robustness is positive.
"""

FORMULAS, TAKES, TICKS = 40, 8, 48
# criterion: its signal, and the band about which it moves
KNOWN = {
    "clearance": ("clearance_m", 1.0, 3.0),
    "fall_rate": ("fall_rate_m_s", 50.0, 60.0),
    "separation": ("separation_m", 2.0, 4.0),
}


def oracle() -> ModuleType:
    """rtamt 0.3+ (Nickovic, Yamaguchi, ATVA 2020); the parser it stands on asks for a module that Python 3.13 dropped."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import rtamt
    return rtamt


def robustness(signals: dict[str, Array], formula: str) -> float:
    """Robustness at the first sample, in discrete time (Donze and Maler 2010)."""
    spec = oracle().StlDiscreteTimeSpecification()
    for name in signals:
        spec.declare_var(name, "float")
    spec.spec = formula
    spec.parse()
    length = len(next(iter(signals.values())))
    data = {"time": list(range(length))} | {name: values.tolist() for name, values in signals.items()}
    return float(spec.evaluate(data)[0][1])


def beat(rng: np.random.Generator) -> Beat:
    """A random plain beat whose window lies in the take."""
    names = rng.choice(sorted(KNOWN), rng.integers(1, 4), replace=False)
    must = []
    for name in names:
        _, low, high = KNOWN[name]
        below, above = sorted(rng.uniform(low - 0.5, high + 0.5, 2))
        one = rng.integers(0, 3)
        must.append(
            Criterion(
                name=str(name), kind="interval", lower=None if one == 1 else float(below),
                upper=None if one == 2 else float(above),
            )
        )  # fmt: skip
    first = int(rng.integers(0, TICKS // 2))
    last = int(rng.integers(first + 1, TICKS))
    hold = int(rng.integers(1, max(2, min(8, last - first))))
    return Beat(name="it", must=tuple(must), hold_s=hold * TICK_S, window_s=(first * TICK_S, last * TICK_S))


def takes(rng: np.random.Generator) -> dict[str, Array]:
    """Signals (TICKS, TAKES): slow and quick wandering about the bands, in single precision."""
    told = {}
    for signal, low, high in KNOWN.values():
        steps = rng.standard_normal((TICKS, TAKES))
        slow = np.cumsum(steps, axis=0) / np.sqrt(TICKS)
        mixed = (low + high) / 2 + (high - low) * np.where(np.arange(TAKES) % 2, slow, 0.4 * steps)
        told[signal] = mixed.astype(np.float32).astype(np.float64)
    return told


@cache
def bench_of(made: Beat) -> Bench:
    """The judge's tables for one beat of the example."""
    scenario = over(standard_air(8000.0), height_m=5000.0)
    glass = make_glass(crew(), shot_lens(crew()), scenario.operator.body, scenario.subject.body, None, None)
    return make_bench(replace(crew(), beats=(made,), always=()), glass)


def formula(made: Beat, bench: Bench) -> str:
    """The beat in the oracle's language, each criterion in its own tolerances."""
    scored = bench.scored[0]
    terms = []
    for row in scored.rows:
        if row.criterion.lower is not None:
            terms.append(f"(({row.signal} - {row.lower!r}) / {row.tolerance!r} >= 0)")
        if row.criterion.upper is not None:
            terms.append(f"(({row.upper!r} - {row.signal}) / {row.tolerance!r} >= 0)")
    assert scored.window_ticks is not None
    first, last = (int(tick) for tick in scored.window_ticks)
    hold = scored.hold_ticks
    return f"eventually[{first}:{last - hold}](always[0:{hold}]({' and '.join(terms)}))"


def judged(bench: Bench, signals: dict[str, Array]) -> tuple[Array, dict[str, Array]]:
    """Whether the compiled scan held the beat in each take, and the signals as it saw them."""
    records = np.zeros((1, TICKS, len(SEEN) + 1, LANES), np.float32)
    columns: dict[str, Array | float] = {
        "time": (np.arange(TICKS) * TICK_S)[:, None], "up": 2000.0, "A_qw": 1.0, "B_qw": 1.0, "A_phase": 1.0,
        "B_phase": 1.0, "focus": 3.0,
    }  # fmt: skip
    for name, column in columns.items():
        records[0, :, getattr(J, name), :] = column
    for name, signal, sign in (
        ("clearance", "clearance_m", 1),
        ("A_vz", "fall_rate_m_s", -1),
        ("rx", "separation_m", 1),
    ):
        records[0, :, getattr(J, name), :TAKES] = sign * signals[signal]
    tables, curves = scan_records(bench, records, 0)
    seen = {name: curves[:TAKES, :, SIGNALS.index(name)].astype(np.float64) for name in signals}
    return read_scan(bench, tables, TAKES).held[0], seen


def rows(data: Path) -> Iterator[Row]:
    """Every comparison of this part."""
    rng = np.random.default_rng(20)
    margins: list[tuple[float, float]] = []
    wrong = held_count = 0
    for _ in range(FORMULAS):
        made = beat(rng)
        bench = bench_of(made)
        scored, text = bench.scored[0], formula(made, bench)
        held, seen = judged(bench, takes(rng))
        assert scored.window_ticks is not None
        first, last = (int(tick) for tick in scored.window_ticks)
        for take in range(TAKES):
            signals = {name: values[take] for name, values in seen.items()}
            theirs = robustness(signals, text)
            worst = np.min([row_margins(row, signals) for row in scored.rows], axis=0)[first : last + 1]
            got, _ = window_margin(worst, scored.hold_ticks, 0)
            wrong += bool(held[take]) != (theirs > 0)
            margins.append((got, theirs))
            held_count += bool(held[take])
    many = FORMULAS * TAKES
    assert 0.2 * many < held_count < 0.8 * many  # both answers are asked for
    yield equal("Held or not, compiled scan", "rtamt, discrete time", wrong, many)
    ours, theirs = np.array(margins).T
    yield near(
        "Margin, in tolerances", "rtamt, discrete time", ours, theirs, limit=1e-4, unit="tolerances", kind="computed"
    )  # fmt: skip
