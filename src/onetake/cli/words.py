"""What the commands say to people: verdicts, odds, and the summary a coordinator can read aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onetake.show.words import local, share_digits
from onetake.units import FT_M

if TYPE_CHECKING:
    from onetake.api.run import Result
    from onetake.api.tune import Tuning
    from onetake.logbook.together import Together
    from onetake.odds.paired import Change
    from onetake.odds.summary import Against, Cause, Estimate, Odds, RareOdds, Sensitivity
    from onetake.verdict import BeatVerdict, Verdict


def percent(estimate: Estimate) -> str:
    """A probability with its interval: 43 % (41 to 45)."""
    digits = 1 if estimate.high - estimate.low < 0.02 or estimate.p < 0.1 else 0
    low, high = (f"{100 * value:.{digits}f}" for value in (estimate.low, estimate.high))
    return f"{100 * estimate.p:.{digits}f} % ({low} to {high})"


def share(p: float) -> str:
    """A share of takes, so fine that nearly all is not all and a few are not none: 99.95 %."""
    return f"{100 * p:.{share_digits(p)}f} %"


def verdict_words(verdict: Verdict, what: str) -> str:
    """The verdict as a script supervisor's page."""
    lines = [f"{what}: {verdict.verdict}", *(f"  {beat.note}{_told_by(beat)}" for beat in verdict.beats)]
    if verdict.aborted:
        lines.append(f"  called off: {verdict.aborted}")
    if verdict.ending not in ("landed", "logged", ""):
        lines.append(f"  ended: {verdict.ending}")
    if verdict.ending == "logged":
        return "\n".join(lines)
    closest = verdict.closest_m / FT_M
    reached = f"closest {closest:.1f} ft, " if closest < 1e4 else ""
    return "\n".join([*lines, f"  {reached}{verdict.in_focus_s:.1f} s in focus and in frame"])


def _told_by(beat: BeatVerdict) -> str:
    """By which instrument, or which would tell."""
    if beat.decided_by:
        return f" [by {beat.decided_by}]"
    return f" [would tell: {beat.would_tell}]" if beat.would_tell else ""


def logged_words(made: Together) -> str:
    """Clocks, and what is wrong with the logs."""
    from onetake.api.judge import clock_words

    return "\n".join(f"  {line}" for line in (*clock_words(made), *(one.text for one in made.findings)))


def odds_words(odds: Odds) -> str:
    """The odds in a few lines; every share with its window and its 95 % interval."""
    lines = []
    if odds.takes < odds.asked:
        lines.append(f"CUT SHORT: {odds.takes:,} of {odds.asked:,} takes; all below is of these")
    lines.append(f"P(shot) {percent(odds.p_shot)} {odds.window}, of {odds.takes:,} takes, seed {odds.seed}")
    lines += [f"  {beat.name}: {percent(beat.odds)} {beat.when}" for beat in odds.beats]
    if odds.causes:
        lines.append(f"missed for: {_causes(odds.causes[:5])}")
    lines.append(
        f"called off: {percent(odds.p_abort)}" + "".join(f"; {why} {share(p)}" for why, p in odds.aborts)
    )
    touched = f"contact: {percent(odds.p_contact)}"
    if odds.contact_speed_m_s:
        touched += f", up to {odds.contact_speed_m_s:.1f} m/s; " + ", ".join(
            f"{n} {phase}" for phase, n in odds.contacts
        )
    lines.append(touched)
    if odds.rare is not None:
        lines.append(rare_words(odds.rare))
    lines.append(
        f"landing: half within {odds.landing_p50_m:.0f} m, 95 % within {odds.landing_p95_m:.0f} m of the drop zone"
    )
    if odds.against:
        lines += _against_words(odds.against)
    if odds.until:
        estimate = odds.against.shot if odds.against else odds.p_shot
        lines.append(
            f"±{50 * (estimate.high - estimate.low):.2g} % where ±{100 * odds.until.half_share:g} % was asked; "
            f"{odds.takes:,} takes counted, {odds.until.trial_takes:,} more flown to find out how many"
        )
    lines.append(f"flown in {odds.wall_s:.1f} s, {odds.takes_per_s:,.0f} takes a second")
    if odds.sensitivity is not None:
        lines.append(sensitivity_words(odds.sensitivity))
    return "\n".join(lines)


def _causes(causes: tuple[Cause, ...]) -> str:
    return ", ".join(f"{one.cause.replace('_', ' ')} {share(one.share)}" for one in causes)


def _against_words(against: Against) -> list[str]:
    other = against.odds
    return [
        f"the other shot, same takes: P(shot) {percent(other.p_shot)} {other.window}, contact {percent(other.p_contact)}",
        f"this less the other: P(shot) {points(against.shot)}, contact {points(against.contact)}; "
        f"{against.only_this:,} takes came off in this one only, {against.only_other:,} in the other only",
    ]


def points(difference: Change) -> str:
    """A difference of two probabilities with its interval, in points: +2.1 (+1.4 to +2.8) points."""
    digits = 1 if difference.high - difference.low > 0.002 else 2
    p, low, high = (
        f"{100 * value:+.{digits}f}" for value in (difference.by, difference.low, difference.high)
    )
    return f"{p} ({low} to {high}) points"


def sensitivity_words(found: Sensitivity, most: int = 8) -> str:
    """Which assumptions move the odds, and what the takes differ by."""
    told = [row for row in found.tornado if row.told]
    first = f"what moves P(shot), each assumption alone, {found.takes:,} takes at each end (as assumed {percent(found.p_shot)}):"
    lines = [first if told else f"no assumption moves P(shot) by more than {found.takes:,} takes can tell"]
    for row in told[:most]:
        lines.append(
            f"  {row.name}: {100 * row.p_low:.0f} % at {row.low:.3g}, {100 * row.p_high:.0f} % at {row.high:.3g} {row.unit}; "
            f"across {100 * row.across.by:+.0f} points ({100 * row.across.low:+.0f} to {100 * row.across.high:+.0f})"
        )
    if told:
        lines.append(
            f"  most: {told[0].name}. {len(found.tornado) - len(told)} others move it less than can be told"
        )
    for output in dict.fromkeys(one.output for one in found.effects):
        ranked = sorted((one for one in found.effects if one.output == output), key=lambda one: -one.total.p)
        shares = (
            f"{one.group} {one.total.p:.2f} ({one.total.low:.2f} to {one.total.high:.2f})"
            for one in ranked[:4]
        )
        lines.append(f"what {output} differs by, total effect: {', '.join(shares)}")
    return "\n".join(lines)


def rare_words(rare: RareOdds) -> str:
    """A rare probability in words: one in so many, with its interval, and where in the jump."""
    cost = f"{rare.replicates} ladders each, {rare.flown:,} takes"
    where = ", ".join(
        f"{part.odds.p:.1e} {part.when}"
        if part.reached
        else f"none met {part.when} (below {part.odds.high:.1e})"
        for part in rare.parts
    )
    if not rare.reached:
        return f"rare {rare.event}: less than {_one_in(rare.odds.high)} (95 %); {where} ({cost})"
    span = f"{rare.odds.p:.1e} ({rare.odds.low:.1e} to {rare.odds.high:.1e})"
    return f"rare {rare.event}: {_one_in(rare.odds.p)}, {span}; {where} ({cost})"


def _one_in(p: float) -> str:
    return f"1 in {1 / p:,.0f}" if p > 0 else "none"


def tune_words(tuning: Tuning) -> str:
    """What turning the dials is worth, and what was not even flown."""
    from onetake.api.tune import exit_moves, points

    looked = f"looked at {tuning.tried} candidates ({tuning.flown:,} takes) of: {', '.join(tuning.dials) or 'no dial'}"
    refused = ", ".join(f"{why} ({count})" for why, count in tuning.refused[:5])
    rest = [looked, f"refused before flying: {refused or 'none'}"]
    if not tuning.turned:
        first = f"no dial raises P(shot) {percent(tuning.before)} by more than {tuning.takes:,} takes can tell; nothing is written"
        return "\n".join([first, *rest])
    lines = [
        f"P(shot) {percent(tuning.before)} -> {percent(tuning.after)}: {points(tuning.gain)}, on {tuning.takes:,} takes that chose nothing"
    ]
    for one in tuning.turned:
        lines.append(f"  {one.dial}: {one.was} -> {one.now}; {points(one.worth)}: {one.why}")
    lines += [f"  {exit_moves(tuning)}"] if exit_moves(tuning) else []
    lines.append(f"contact: {percent(tuning.contact_before)} -> {percent(tuning.contact_after)}")
    written = [f"written to {tuning.file}"] if tuning.file is not None else []
    return "\n".join([*lines, *rest, *written])


def run_words(result: Result) -> str:
    """Ten lines to read aloud, and where the rest lies."""
    plan, odds, verdict = result.plan, result.odds, result.verdict
    zone = result.shot.place.time_zone
    light = ""
    if plan.light.first_exit_utc and plan.light.last_exit_utc:
        light = f"; light from {local(plan.light.first_exit_utc, zone)} to {local(plan.light.last_exit_utc, zone)}"
    status = {"stop": "STOP", "ask": "ASK", "no_stop_found": "no stop found; a person says go"}[plan.status]
    lines = [
        f"{result.shot.title}, scene {result.shot.scene}: {status} "
        f"({len(plan.stops)} stops, {len(plan.asks)} asks)",
        f"Exit {local(plan.exit.utc, zone, pattern='%Y-%m-%d %H:%M:%S')} local ({plan.exit.utc:%H:%M:%S} UTC) at "
        f"{plan.exit.altitude_msl_m / FT_M:,.0f} ft MSL, run {_degrees(plan.jump_run.heading_rad)}{light}.",
        f"{plan.freefall_s:.0f} s of freefall; " + ", ".join(
            f"{one.name} pulls at {one.height_agl_m / FT_M:,.0f} ft" for one in plan.opening
        ) + ".",
        f"Oxygen: {plan.oxygen.prebreathe_s / 60:.0f} min of prebreathing ({plan.oxygen.confidence}).",
        f"The take as planned, without any error: {verdict.verdict}. " + (_worst(verdict)),
        f"P(shot) {percent(odds.p_shot)} {odds.window}, {odds.takes:,} takes, seed {odds.seed}.",
        "Beats: " + ", ".join(f"{beat.name} {share(beat.odds.p)} {beat.when}" for beat in odds.beats) + ".",
        f"Missed for: {_causes(odds.causes[:3]) or 'none missed'}; called off {percent(odds.p_abort)}.",
        f"Contact {percent(odds.p_contact)}; a hand touched in {share(odds.p_hand_touch.p)}.",
        f"Landing: half within {odds.landing_p50_m:.0f} m, 95 % within {odds.landing_p95_m:.0f} m. "
        f"Report: {result.files['report']}",
    ]  # fmt: skip
    if odds.rare is not None:
        lines.append(f"{rare_words(odds.rare)}.".capitalize())
    if odds.sensitivity is not None:
        lines.append(sensitivity_words(odds.sensitivity, most=3))
    return "\n".join(lines)


def _degrees(rad: float) -> str:
    return f"{(rad * 180 / 3.141592653589793) % 360:03.0f}°"


def _worst(verdict: Verdict) -> str:
    missed = [beat for beat in verdict.beats if beat.verdict != "got it"]
    return missed[0].note if missed else f"{verdict.in_focus_s:.0f} s in focus and in frame."
