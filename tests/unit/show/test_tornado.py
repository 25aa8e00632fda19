"""The tornado of the report: what it says, what it leaves out, and that it is there only when asked for."""

from __future__ import annotations

import html
import re
from dataclasses import replace

from onetake.odds.summary import Estimate
from onetake.show.chances import chances
from onetake.show.material import Material
from onetake.show.page import page
from onetake.show.tornado import tornado


def said(markup: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup))).strip()


def test_it_names_the_assumption_that_moves_most(whole: Material) -> None:
    text = said(tornado(whole))
    assert "hangs most on one assumption: actor: motor noise." in text
    assert "×0.5: 55 % · ×2: 8.0 %" in text
    assert "reaction to the focus cue, s" in text
    assert "as assumed 27 %" in text
    assert "2 smaller ones are left out." in text
    assert text.count("a small one") == 12


def test_rows_that_cannot_be_told_from_none_are_grey(whole: Material) -> None:
    markup = tornado(whole)
    assert len(re.findall(r'class="row-name untold"', markup)) == 12
    assert 'class="row-name"' in markup


def test_groups_stand_in_the_order_of_the_shot(whole: Material) -> None:
    text = said(tornado(whole))
    at = [text.rindex(group) for group in ("noise in flight", "exit", "wind")]
    assert at == sorted(at)


def test_nothing_is_said_where_nothing_was_asked(whole: Material) -> None:
    assert whole.odds is not None
    plain = replace(whole, odds=replace(whole.odds, sensitivity=None, rare=None))
    assert tornado(plain) == ""
    assert 'href="#moves"' not in page(plain)
    assert 'href="#moves"' in page(whole)
    assert "climbed to" not in chances(plain)


def test_the_rare_contact_stands_beside_the_counted_one(whole: Material) -> None:
    assert whole.odds is not None
    assert whole.odds.rare is not None
    assert "Contact, climbed to 1 in 25,000 (12,500 to 50,000)" in said(chances(whole))
    unseen = replace(whole.odds.rare, reached=False, odds=Estimate(p=0.0, low=0.0, high=1e-7))
    assert "less than 1 in 10,000,000" in said(chances(replace(whole, odds=replace(whole.odds, rare=unseen))))
