"""Films made in the tests: pictures of brightness codes, written by H.264 or another codec into MP4 or MOV."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import tags
from numpy.typing import NDArray

Array = NDArray[np.float64]
RATE = Fraction(24000, 1001)


def codes(light: Array, bits: int = 8) -> NDArray[Any]:
    """Codes of limited range for light, by the curve of ITU-R BT.709-6."""
    light = np.clip(light, 0.0, 1.0)
    signal = np.where(light < 0.018, 4.5 * light, 1.099 * light**0.45 - 0.099)
    step = 2 ** (bits - 8)
    return np.round((16 + 219 * signal) * step).astype(np.uint8 if bits == 8 else np.uint16)


def write(
    path: Path,
    frames: Iterable[NDArray[Any]],
    *,
    rate: Fraction = RATE,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    options: dict[str, str] | None = None,
    timecode: str | None = None,
    deep: bool = False,
) -> Path:
    """Write pictures of 8-bit codes (rows, columns) as a film without colour; deep: as 10 bits in 16-bit words."""
    word = np.dtype("<u2") if deep else np.dtype(np.uint8)
    said = {} if timecode is None else {"timecode": timecode}
    with av.open(str(path), "w") as container:
        if timecode is not None:
            container.metadata["timecode"] = timecode
        stream: Any = None
        for number, luma in enumerate(frames):
            if stream is None:
                stream = container.add_stream(codec, rate=rate)
                stream.height, stream.width = luma.shape
                stream.pix_fmt = pix_fmt
                stream.options = options or {"preset": "veryfast", "crf": "16"}
                stream.metadata.update(said)
            frame = av.VideoFrame(luma.shape[1], luma.shape[0], pix_fmt)
            plane = frame.planes[0]
            rows = np.zeros((luma.shape[0], plane.line_size // word.itemsize), word)
            rows[:, : luma.shape[1]] = luma.astype(word) << (2 if deep else 0)
            plane.update(rows.tobytes())
            for colour in frame.planes[1:]:
                gray = np.full(colour.buffer_size // word.itemsize, 512 if deep else 128, word)
                colour.update(gray.tobytes())
            frame.pts = number
            frame.time_base = 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def sky(scene: tags.Scene, seed: int = 0) -> NDArray[np.uint8]:
    """What is behind the tag, in codes: a slope of dusk with clouds of a kind, the size of the scene's picture."""
    rng = np.random.default_rng(seed)
    rows = np.linspace(0.15, 0.35, scene.height_px)[:, None]
    coarse = rng.normal(0.0, 0.03, (scene.height_px // 40 + 1, scene.width_px // 40 + 1))
    grain = np.kron(coarse, np.ones((40, 40)))[: scene.height_px, : scene.width_px]
    return codes(rows + grain)


def picture(
    scene: tags.Scene,
    behind: NDArray[np.uint8],
    *,
    noise: float = 0.004,
    seed: int = 0,
    disc_px: float | None = None,
) -> NDArray[np.uint8]:
    """One picture of codes: the tag over what is behind, and noise of the sensor on the tag."""
    light, left, top = tags.patch(scene, disc_px=disc_px)
    rng = np.random.default_rng(seed)
    made = behind.copy()
    shown = codes(light + rng.normal(0.0, noise, light.shape))
    rows, columns = made.shape
    first, last = np.maximum((-top, -left), 0), np.minimum(light.shape, (rows - top, columns - left))
    made[top + first[0] : top + last[0], left + first[1] : left + last[1]] = shown[
        first[0] : last[0], first[1] : last[1]
    ]
    return made
