"""The ledger: every jump that was ever logged, in a database (SQLite in a file, or PostgreSQL by address).

Rows are only ever added. What was wrong is superseded by a new row; both stay. A jump is known by its content, so the
same log comes in once, whoever brings it, packed or not, and whatever its file is called.

    gather    which files make one recording
    entry     one recording with its original bytes, read
    parallel  many of them at once, each in a process that may die of a bad file
    address   where the ledger is
    opening   makes, upgrades and refuses ledgers
    tables    what is in them
    add       adds an entry
    find      finds jumps
    sheet     jumps as a table for a spreadsheet, and their original files
"""
