"""Log readers: each file here is one format.

What a reader must have
    DOC: str                        one line: what the format is and which devices write it
    recognises(head: bytes) -> bool by content alone; head is the first 64 KiB, unpacked
    read(data: bytes) -> list[Log]  every recording in the file, at least one, as recorded: what cannot be read is
        dropped, counted and told in `findings`, nothing else is judged. Raises ReadError with the reason where
        nothing can be read, and nothing else, whatever the bytes are. `format` is the file name of the reader.

What a reader may have
    read_path(path: Path) -> list[Log]      as `read`, for files too large to hold: pictures with telemetry
    join(parts: list[Log]) -> Log           one recording out of the files of one folder
    session_of(head: bytes) -> str          which files belong together, for a reader that joins; empty: nothing tells
    max_bytes: int                          largest unpacked file it takes (default 64 MB)

A path that stands inside a log is text, and never opened. Cleaning, clocks and events are the same for all formats
and happen elsewhere in the room.
"""
