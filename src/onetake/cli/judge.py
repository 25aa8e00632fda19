"""`onetake judge SHOT TAKE`, `onetake judge SHOT --log NAME=FILE …`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onetake.cli.answer import Answer, Json, ShotFile, read

if TYPE_CHECKING:
    from onetake.api.filmed import Video

EXAMPLE = "onetake judge examples/halo/shot.toml --log operator=A.CSV --log actor=B.CSV"


def command(
    shot: ShotFile,
    take: Annotated[
        Path | None,
        typer.Argument(metavar="[TAKE]", help="the take file, where there are no logs", show_default=False),
    ] = None,
    *,
    log: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=FILE", help="the log of one person, once for each", show_default=False),
    ] = None,
    video: Annotated[
        Path | None, typer.Option(help="the operator's film of the same jump", show_default=False)
    ] = None,
    tag: Annotated[
        str, typer.Option(help="side of the black square of the tag that the subject wears")
    ] = "10 cm",
    tag_eyes: Annotated[
        str,
        typer.Option(
            help="the subject's eyes from the middle of the tag: right, down, into it, as one looks at it"
        ),
    ] = "0 cm, 0 cm, 0 cm",
    tag_tilt: Annotated[
        str,
        typer.Option(help="how far the tag looks above where the face does: on a forehead that leans back"),
    ] = "0 deg",
    lens: Annotated[
        Path | None,
        typer.Option(
            help="the lens file that `onetake calibrate --board` wrote; else the lens is taken as marked",
            show_default=False,
        ),
    ] = None,
    video_at: Annotated[
        str | None,
        typer.Option(
            help="when the film's first picture was, from the first exit; else its telemetry tells",
            show_default=False,
        ),
    ] = None,
    video_within: Annotated[str, typer.Option(help="how well that is known (1 sigma)")] = "0.1 s",
    out: Annotated[Path | None, typer.Option(help="where to write the take file", show_default=False)] = None,
    report: Annotated[
        Path | None, typer.Option(help="where to write the report (HTML)", show_default=False)
    ] = None,
    json: Json = False,
) -> Answer:
    """Score any take, flown or logged."""
    wanted = read(shot)
    from onetake.api.judge import judged, verdict_record
    from onetake.api.logged import named_logs
    from onetake.cli.progress import Bar
    from onetake.cli.words import logged_words, verdict_words

    pictures = None
    if video is not None:
        pictures = _video(video, tag, tag_eyes, tag_tilt, lens, video_at, video_within)
    with Bar() as tell:
        logs = named_logs(log or [])
        found = judged(wanted, take, logs=logs, pictures=pictures, out=out, report=report, tell=tell)
    if json:
        return verdict_record("onetake.judge/1", found.verdict, out or take, found.logs)
    said = verdict_words(found.verdict, str(found.take.slate))
    return said if found.logs is None else f"{said}\n{logged_words(found.logs)}"


def _video(
    file: Path, side: str, eyes: str, tilt: str, lens: Path | None, at: str | None, within: str
) -> Video:
    """The film as it was asked for."""
    from onetake.api.filmed import Video
    from onetake.errors import InputError
    from onetake.footage.tag import Tag
    from onetake.units import parse

    parts = [parse(part.strip(), "length") for part in eyes.split(",")]
    if len(parts) != 3:
        raise InputError(
            f'{eyes!r} is no place of the eyes; write right, down, into the tag: "0 cm, 11 cm, 4 cm"'
        )
    return Video(
        file=file,
        tag=Tag(side_m=parse(side, "length"), eyes_m=(parts[0], parts[1], parts[2])),
        at_s=None if at is None else parse(at, "time"),
        within_s=parse(within, "time"),
        tilt_rad=parse(tilt, "angle"),
        lens=lens,
    )
