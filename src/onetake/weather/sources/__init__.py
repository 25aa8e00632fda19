"""Weather sources: each file here is one format.

What a source must have
    DOC: str                                    one line: what the format is and where it comes from
    recognises(head: bytes, name: str) -> bool  by content: head is the first 64 KiB, unpacked; name the file's name
    read(data: bytes, name: str) -> list[Column]
        every profile of the file, at least one. Raises ReadError with the reason for anything it cannot read,
        and nothing else, whatever the bytes are. `format` of the columns is the file name of the source.

What a source may have instead of `read`: a file that holds many profiles, or a grid, where reading all is waste
    list_profiles(path: Path) -> list[Listing]
        what there is, cheaply. A grid gives one Listing per valid time, with lat_deg and lon_deg None and
        `extent` saying what the grid spans.
    read_one(path: Path, *, station: str | None, time: datetime | None, lat_deg: float | None,
             lon_deg: float | None) -> Column
        the one profile asked for; path is an unpacked file, time is aware. It calls
        `onetake.weather.choice.pick(list_profiles(path), station=…, time=…, lat_deg=…, lon_deg=…)` for which one,
        so that every source refuses a missing choice in the same words; a grid then takes the point nearest to
        lat_deg, lon_deg, raises ChoiceError without them, and gives the column the grid point's own lat and lon.
    max_bytes: int                              largest unpacked file it takes (default 8 MB; `read` never gets more)

Readers hand raw levels to `onetake.weather.levels.column_of`, which sorts, range-checks, fills heights and
turns geopotential into geometric metres. Heavy imports (eccodes, netCDF4) happen inside the functions; a missing
one raises MissingExtraError naming `onetake[grib]`. `recognises` must not need them.
"""
