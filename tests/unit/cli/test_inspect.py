"""`onetake inspect` as people read it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from onetake.cli.app import main
from onetake.slate import Slate
from onetake.take import Event, Take, write_take
from onetake.trace import Trace

ROOT = Path(__file__).resolve().parents[3]


def test_a_sounding_reads_from_the_top_down(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    sounding = ROOT / "examples" / "halo" / "weather" / "gulf_2011-10-11T00.csv"
    assert main(["inspect", str(sounding)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "strongest wind 25 kt at 46,245 ft MSL" in lines[1]
    table = [line.split() for line in lines if line.endswith(" kt") and "strongest" not in line]
    feet = [float(row[0].replace(",", "")) for row in table]
    assert feet == sorted(feet, reverse=True)
    # 400 hPa of the file: wind from 296 at 16 kt
    assert table[8][3:] == ["296/16", "kt"]


def test_a_take_reads_body_by_body(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    still = np.zeros((26, 3))
    body = Trace(name="actor", time_s=np.arange(26) / 25, position_enu_m=still, velocity_enu_m_s=still)
    slate = Slate(title="Dusk", scene="112A", take=3, picture_rate=Fraction(24))
    take = Take(slate=slate, bodies=(body,), events=(Event(time_s=0.4, name="exit", body="actor"),))
    assert main(["inspect", str(write_take(take, tmp_path / "a.take"))]) == 0
    text = capsys.readouterr().out
    assert "take 3 of 'Dusk', scene 112A; ended: landed" in text
    assert "actor: 26 samples at 25 Hz, 0.0 to 1.0 s, simulated" in text
    assert "0.40 s  exit actor" in text
    assert "problem: only one body was recorded" in text
