"""onetake plans, flies, rehearses and judges a freefall stunt that must be caught in one take.

Public names are imported when they are first used, so `import onetake` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onetake.api.calibrate import calibrate_person as calibrate_person
    from onetake.api.calibrate_lens import calibrate_lens as calibrate_lens
    from onetake.api.fly import fly_take as fly_take
    from onetake.api.inspect import inspect_file as inspect_file
    from onetake.api.judge import judge_take as judge_take
    from onetake.api.log_add import add_logs as add_logs
    from onetake.api.log_export import export_jumps as export_jumps
    from onetake.api.log_list import list_jumps as list_jumps
    from onetake.api.log_show import show_jump as show_jump
    from onetake.api.new import new_example as new_example
    from onetake.api.odds import odds_of as odds_of
    from onetake.api.plan import plan_jump as plan_jump
    from onetake.api.run import run_shot as run_shot
    from onetake.api.tune import tune_shot as tune_shot
    from onetake.shot.file import Shot as Shot
    from onetake.shot.file import read_shot as read_shot
    from onetake.take import Take as Take
    from onetake.take import read_take as read_take
    from onetake.verdict import Verdict as Verdict

_HOME = {
    "run_shot": "onetake.api.run",
    "plan_jump": "onetake.api.plan",
    "fly_take": "onetake.api.fly",
    "odds_of": "onetake.api.odds",
    "tune_shot": "onetake.api.tune",
    "judge_take": "onetake.api.judge",
    "inspect_file": "onetake.api.inspect",
    "calibrate_person": "onetake.api.calibrate",
    "calibrate_lens": "onetake.api.calibrate_lens",
    "add_logs": "onetake.api.log_add",
    "list_jumps": "onetake.api.log_list",
    "show_jump": "onetake.api.log_show",
    "export_jumps": "onetake.api.log_export",
    "new_example": "onetake.api.new",
    "read_shot": "onetake.shot.file",
    "Shot": "onetake.shot.file",
    "read_take": "onetake.take",
    "Take": "onetake.take",
    "Verdict": "onetake.verdict",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'onetake' has no attribute {name!r}; it has {', '.join(sorted(_HOME))}")


def __dir__() -> list[str]:
    return sorted(_HOME)
