"""The two libraries of the optional part `footage`, loaded where pictures are opened and nowhere else."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from onetake.errors import MissingExtraError


def opencv() -> Any:
    """OpenCV with its contributed modules. Raises MissingExtraError."""
    return _load("cv2")


def pyav() -> Any:
    """PyAV, which holds FFmpeg. Raises MissingExtraError."""
    return _load("av")


def _load(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingExtraError(
            f"pictures need an optional part ({name} cannot be loaded): pip install 'onetake[footage]'"
        ) from error
