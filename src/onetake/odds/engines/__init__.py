"""Engines: where chunks are flown. Each file is one; `run(work, chunks, use)` calls use(rows) in order of the chunks."""
