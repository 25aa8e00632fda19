"""The report in a browser: no request, no error, the answer in sight, and a cursor that tells the judge's numbers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from onetake.show.material import Material
from onetake.show.report import write_report

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync")  # fmt: skip
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine; install it to look at the report"
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, whole: Material, stage: ModuleType) -> Path:
    return write_report(tmp_path_factory.mktemp("report") / "report.html", **stage.as_arguments(whole))


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is in the group dev")
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser, report: Path) -> Iterator[tuple[object, list[str], list[str]]]:
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(report.as_uri())
    yield page, asked, wrong
    page.close()


def test_it_is_alone_and_quiet_and_answers_first(opened, report: Path, whole: Material) -> None:
    page, asked, wrong = opened
    assert asked == [report.as_uri()]
    assert wrong == []
    text = page.inner_text("#answer").replace("\u00a0", " ")
    assert "27 %" in text
    assert "25 % to 29 %" in text
    assert page.locator("#answer .big").bounding_box()["y"] < 768
    beats = page.inner_text("#beats")
    for beat in whole.shot.beats:
        assert beat.name in beats


@pytest.mark.parametrize("width", [1366, 1920, 800])
def test_nothing_sticks_out(opened, width: int) -> None:
    page, _, _ = opened
    page.set_viewport_size({"width": width, "height": 768})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_cursor_tells_what_the_judge_measured(opened, whole: Material) -> None:
    page, _, wrong = opened
    c = whole.curves
    assert c is not None
    plot = page.locator("svg.timeplot").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    for share in (0.2, 0.5, 0.7):
        page.mouse.move(box["x"] + share * box["width"], box["y"] + 0.5 * box["height"])
        shown = dict(
            zip(
                page.locator("#readout dt").all_inner_texts(),
                page.locator("#readout dd").all_inner_texts(),
                strict=True,
            )
        )
        at_s = float(shown["Time"].replace("\u00a0", " ").split()[0])
        range_m = float(np.interp(at_s, c.time_s, c.range_m))
        digits = 2 if range_m < 15 else 0
        assert f"({range_m:.{digits}f}" in shown["Range"]
    cursors = [float(line.get_attribute("x1")) for line in page.locator(".cursor").all()]
    assert len(cursors) == 2
    assert wrong == []


def test_the_slider_works_from_the_keyboard(opened) -> None:
    page, _, _ = opened
    scrub = page.locator("#scrub")
    before = page.locator("#readout dd").first.inner_text()
    scrub.focus()
    page.keyboard.press("ArrowRight")
    after = page.locator("#readout dd").first.inner_text()
    assert after != before
    assert scrub.get_attribute("aria-valuetext") == after


def test_without_its_script_the_page_shows_the_moment_that_matters(
    browser, report: Path, whole: Material
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    time = page.locator("#readout dd").first.inner_text().replace("\u00a0", " ")
    assert float(time.split()[0]) == pytest.approx(whole.mark_time_s(), abs=0.05)
    assert not page.locator("#scrub").is_visible()
    context.close()


def test_it_prints_with_the_card_on_one_sheet(browser, report: Path, tmp_path: Path) -> None:
    page = browser.new_page()
    page.goto(report.as_uri())
    data = page.pdf(prefer_css_page_size=True)
    assert 8 <= data.count(b"/Type /Page\n") + data.count(b"/Type /Page ") <= 20
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    style = "getComputedStyle(document.querySelector('header'))"
    for sky in ("day", "dusk", "night"):  # no ground of colour, and dark ink on it
        page.evaluate(f"document.querySelector('header').className = '{sky}'")
        assert page.evaluate(f"{style}.backgroundImage") == "none"
        assert page.evaluate(f"{style}.color") == "rgb(23, 28, 47)"
    page.close()


@pytest.mark.parametrize("lines", [40, 75, 100])
def test_the_jump_card_prints_on_one_sheet_of_either_size(opened, lines: int) -> None:
    """The lower of A4 and letter, less the margins of the page `card`: 279 - 20 mm."""
    page, _, _ = opened
    page.emulate_media(media="print")
    height_px = page.evaluate(
        """lines => {
            const pre = document.querySelector(".jump-card pre");
            pre.textContent = Array(lines).fill("x".repeat(80)).join("\\n");
            pre.style.setProperty("--lines", lines);
            return pre.getBoundingClientRect().height;
        }""",
        lines,
    )
    assert 0.5 * 259 < height_px / 96 * 25.4 < 259


def test_the_card_says_how_many_lines_it_has(opened, whole: Material) -> None:
    page, _, _ = opened
    assert whole.card is not None
    said = page.evaluate("document.querySelector('.jump-card pre').style.getPropertyValue('--lines')")
    assert int(said) >= whole.card.count("\n")
