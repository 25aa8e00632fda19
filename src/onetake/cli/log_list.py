"""`onetake log list`."""

from __future__ import annotations

from typing import Any

from onetake.cli.answer import Answer, From, Json, Ledger, Person, Superseded, To
from onetake.units import FT_M

EXAMPLE = "onetake log list --person actor --from 2031-05-01"


def command(
    *,
    person: Person = None,
    from_: From = None,
    to: To = None,
    superseded: Superseded = False,
    ledger: Ledger = None,
    json: Json = False,
) -> Answer:
    """The jumps of the ledger, by time."""
    from onetake.api.log_list import list_jumps

    found: dict[str, Any] = list_jumps(
        person=person, from_utc=from_, to_utc=to, superseded_too=superseded, ledger=ledger
    )
    return found if json else _words(found)


def _words(found: dict[str, Any]) -> str:
    jumps = found["jumps"]
    if not jumps:
        return f"no such jump in {found['ledger']}"
    whose = max(6, *(len(one["person"] or "") for one in jumps))
    head = f"{'jump':>6}  {'exit, UTC':<19}  {'person':<{whose}}  {'exit ft':>8}  {'fall s':>6}  {'m/s':>4}  file"
    return "\n".join([head, *(_row(one, whose) for one in jumps)])


def _row(one: dict[str, Any], whose: int) -> str:
    when = (one["exit_utc"] or one["from_utc"] or "")[:19].replace("T", " ").rstrip("Z")
    altitude = one["exit_altitude_msl_m"]
    cells = [
        f"{one['jump']:>6}",
        f"{when:<19}",
        f"{one['person'] or '-':<{whose}}",
        f"{'-' if altitude is None else f'{altitude / FT_M:,.0f}':>8}",
        f"{_number(one['freefall_s']):>6}",
        f"{_number(one['max_descent_m_s']):>4}",
        ", ".join(one["files"]) + (f" ({one['recording']})" if one["recording"] else ""),
    ]
    if one["problems"]:
        cells.append(f"[{', '.join(one['problems'])}]")
    if one["superseded_by"] is not None:
        cells.append(f"superseded by {one['superseded_by']}")
    return "  ".join(cells)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"
