"""A process that reads logs: the files of one source as a JSON list on each line of stdin, for each an answer on stdout.

An answer is a line of JSON, then the packed bytes of the files as long as the line says. Run by `parallel`, never
imported: a file that brings a decoder down takes nobody with it.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import BinaryIO

from onetake.logbook.store.parallel import Answer, answer_of, as_line


def main() -> None:
    """Answer until stdin ends, as it does when the parent dies."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not mix with the answers
    for line in sys.stdin.buffer:
        _write(out, answer_of([Path(os.fsdecode(bytes.fromhex(name))) for name in json.loads(line)]))


def _write(out: BinaryIO, answer: Answer) -> None:
    line, parts = as_line(answer)
    out.write(line)
    for part in parts:
        out.write(part)
    out.flush()


if __name__ == "__main__":
    main()
