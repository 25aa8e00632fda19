"""The plots of the page: one look, small SVG files whose bytes depend on nothing but what is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

INK, GRID = "#333333", "#dddddd"
STYLES: dict[str, dict[str, Any]] = {
    "ours": {"color": "#0b6e8f", "linewidth": 1.6},
    "other": {"color": "#d1711b", "linewidth": 1.6},
    "third": {"color": "#6b8e23", "linewidth": 1.6},
    "fourth": {"color": "#7a4fa3", "linewidth": 1.6},
    "faint": {"color": "#999999", "linewidth": 1.0},
    "limit": {"color": "#b03030", "linewidth": 1.0, "linestyle": (0, (4, 3))},
    "band": {"color": "#0b6e8f", "alpha": 0.15, "linewidth": 0},
    "dots": {"color": INK, "marker": "o", "markersize": 3.2, "linestyle": "none", "fillstyle": "none"},
}


@dataclass(slots=True)
class Figure:
    """One drawing of a few panels side by side; `caption` says what is to be seen, and is its text for the blind."""

    name: str
    caption: str
    count: int
    _calls: list[tuple[int, str, tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)

    def line(self, panel: int, x: ArrayLike, y: ArrayLike, style: str, label: str = "") -> None:
        """A line; style is a key of STYLES."""
        x, y = _thinned(np.asarray(x, float), np.asarray(y, float))
        self._calls.append((panel, "plot", (x, y), {**STYLES[style], "label": label or None}))

    def dots(self, panel: int, x: ArrayLike, y: ArrayLike, label: str = "") -> None:
        """What was published or measured."""
        self._calls.append(
            (panel, "plot", (np.asarray(x), np.asarray(y)), {**STYLES["dots"], "label": label or None})
        )

    def band(self, panel: int, x: ArrayLike, low: ArrayLike, high: ArrayLike, label: str = "") -> None:
        """A shaded range."""
        arrays = (np.asarray(x), np.asarray(low), np.asarray(high))
        self._calls.append((panel, "fill_between", arrays, {**STYLES["band"], "label": label or None}))

    def level(self, panel: int, y: float, label: str = "") -> None:
        """A level to compare with, or a limit."""
        self._calls.append((panel, "axhline", (y,), {**STYLES["limit"], "label": label or None}))

    def axes(
        self, panel: int, x_label: str, y_label: str, *, x: Sequence[float] | None = None,
        y: Sequence[float] | None = None, log: str = "", title: str = "",
    ) -> None:  # fmt: skip
        """Name the axes of a panel and end its range; `log` names the axes that are logarithmic."""
        self._calls.append((panel, "axes", (x_label, y_label, x, y, log, title), {}))

    def save(self, folder: Path) -> Path:
        """Write `name`.svg; the same drawing gives the same bytes."""
        import matplotlib

        matplotlib.use("svg")
        from matplotlib import pyplot

        look = {
            "svg.hashsalt": self.name, "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 9,
            "axes.edgecolor": INK, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK,
            "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.color": GRID,
            "grid.linewidth": 0.6, "axes.axisbelow": True, "legend.frameon": False, "path.simplify_threshold": 0.3,
        }  # fmt: skip
        with matplotlib.rc_context(look):
            figure, grid = pyplot.subplots(
                1, self.count, figsize=(9.0, 3.2), squeeze=False, layout="constrained"
            )
            for panel, call, given, how in self._calls:
                if call == "axes":
                    _finish(grid[0, panel], *given)
                else:
                    getattr(grid[0, panel], call)(*given, **how)
            path = folder / f"{self.name}.svg"
            figure.savefig(path, metadata={"Date": None, "Creator": None, "Title": self.caption})
            pyplot.close(figure)
        return path


def panels(name: str, caption: str, count: int = 1) -> Figure:
    """An empty figure."""
    return Figure(name=name, caption=caption, count=count)


def _finish(axes: Any, x_label: str, y_label: str, x: Any, y: Any, log: str, title: str) -> None:
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
    if "x" in log:
        axes.set_xscale("log")
    if "y" in log:
        axes.set_yscale("log")
    axes.minorticks_off()
    if x is not None:
        axes.set_xlim(*x)
    if y is not None:
        axes.set_ylim(*y)
    if title:
        axes.set_title(title, fontsize=9, loc="left")
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize=8)


def _thinned(x: np.ndarray, y: np.ndarray, most: int = 600) -> tuple[np.ndarray, np.ndarray]:
    """No more points than the eye can tell apart."""
    step = max(1, len(x) // most)
    return x[::step], y[::step]
