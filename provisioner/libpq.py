"""The second reading of a URL: libpq's own, through ``PQconninfoParse``.

``import psycopg`` costs more than the whole budget of ``provisioner check``, so the libpq that psycopg's
binary wheel carries is called directly; where there is none, psycopg.conninfo gives the same answer.
"""

from __future__ import annotations

import ctypes
import functools
import importlib.util
import struct
from collections.abc import Callable
from pathlib import Path

Reader = Callable[[str], "dict[str, str] | None"]

_FIELDS = 7  # struct _PQconninfoOption: keyword, envvar, compiled, val, label, dispchar, dispsize
_KEYWORD, _VALUE = 0, 3


def read(url: str) -> dict[str, str] | None:
    """Return the keywords that libpq makes of ``url``, without defaults; None where libpq refuses it.

    libpq's own error text repeats the value, so it is dropped and never reaches the caller.
    """
    return _reader()(url)


@functools.cache
def _reader() -> Reader:
    path = bundled_libpq()
    if path is None:
        return read_with_psycopg
    return _ctypes_reader(path)


def bundled_libpq() -> Path | None:
    """Find the libpq inside psycopg's binary wheel, without importing it."""
    spec = importlib.util.find_spec("psycopg_binary")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    for folder, pattern in (
        (package.parent / "psycopg_binary.libs", "libpq-*.so*"),
        (package / ".dylibs", "libpq*.dylib"),
    ):
        for found in sorted(folder.glob(pattern)):
            return found
    return None


def read_with_psycopg(url: str) -> dict[str, str] | None:
    """The same reading through psycopg, for installations without the binary wheel."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        return {key: str(value) for key, value in conninfo_to_dict(url).items()}
    except (ProgrammingError, UnicodeError):
        return None


def _ctypes_reader(path: Path) -> Reader:
    library = ctypes.CDLL(str(path))
    parse = library.PQconninfoParse
    parse.restype, parse.argtypes = ctypes.c_void_p, [ctypes.c_char_p, ctypes.POINTER(ctypes.c_void_p)]
    free = library.PQconninfoFree
    free.restype, free.argtypes = None, [ctypes.c_void_p]
    read_string = ctypes.string_at
    pointer = ctypes.sizeof(ctypes.c_void_p)

    # the options come in a fixed order, so their names are read once
    first = parse(b"postgresql://", None)
    names: list[str] = []
    while keyword := ctypes.c_void_p.from_address(first + len(names) * _FIELDS * pointer).value:
        names.append(read_string(keyword).decode())
    free(first)
    layout = struct.Struct("P" * _FIELDS * len(names))

    def read_url(url: str) -> dict[str, str] | None:
        options = parse(url.encode(), None)
        if not options:
            return None
        try:
            values = layout.unpack(read_string(options, layout.size))[_VALUE::_FIELDS]
            return {name: read_string(value).decode() for name, value in zip(names, values, strict=True) if value}
        except UnicodeDecodeError:
            return None
        finally:
            free(options)

    return read_url
