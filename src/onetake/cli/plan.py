"""`onetake plan SHOT`."""

from __future__ import annotations

from onetake.cli.answer import Answer, Json, ShotFile, read

EXAMPLE = "onetake plan examples/halo/shot.toml"


def command(shot: ShotFile, json: Json = False) -> Answer:
    """Jump run, exit point, timeline, light, oxygen, focus chart, contingencies, stops and asks; the jump card."""
    wanted = read(shot)
    from onetake.api.plan import plan_record
    from onetake.api.stage import set_stage
    from onetake.cli.progress import Bar
    from onetake.plan.card import jump_card

    with Bar() as tell:
        stage = set_stage(wanted, tell)
    return plan_record(stage.prepared.plan) if json else jump_card(stage.prepared.plan, stage.shot)
