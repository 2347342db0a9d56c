"""Killing a process before each of its statements, to see that nothing is ever half done.

The code runs in a process of its own, which sends itself SIGKILL just before its first, second, … statement to
PostgreSQL: no clean-up of any kind runs. Every statement of psycopg counts, on every connection and also when Django
sends it, BEGIN and COMMIT like others; several that are sent as one text are one.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
VARIABLE = "TEST_KILL_AT"
MOST = 1000
LIMIT_SECONDS = 120

_sent = 0
_counting = False


def kill_points(
    child_code: str,
    environ: Mapping[str, str],
    check: Callable[[], None],
    *,
    prepare: Callable[[], None] | None = None,
) -> int:
    """Kill the code before its N-th statement, for every N until it completes; return how many statements it has.

    `check` runs after each kill and raises where something is half done. `prepare` makes the state that the code
    starts from: with it every kill is followed by a second run of the code, which has to succeed, and another check.
    Without it the next kill's run is that second run. In the code, `count_from_here()` (from this module) leaves out
    what comes before, such as setting Django up.

    Raises:
        AssertionError: the code failed otherwise than by being killed.
    """
    for number in range(1, MOST):
        if prepare is not None:
            prepare()
        killed = killed_at(child_code, environ, number)
        check()
        if not killed:
            return number - 1
        if prepare is not None:
            assert not killed_at(child_code, environ, 0)
            check()
    raise AssertionError(f"not complete after {MOST} statements")


def count_from_here() -> None:
    """Begin to count anew: statements so far were preparation."""
    global _sent, _counting
    _sent, _counting = 0, True


def arm() -> None:
    """Count every statement that psycopg sends in this process from now on, and die before the one that is named."""
    import psycopg
    from psycopg._connection_base import BaseConnection
    from psycopg._cursor_base import BaseCursor
    from psycopg.client_cursor import ClientCursorMixin

    limit = int(os.environ[VARIABLE])

    def count() -> None:
        _count(limit)

    def counted(function: Callable[..., Any]) -> Any:
        def wrapper(*arguments: Any, **named: Any) -> Any:
            count()
            return function(*arguments, **named)

        return wrapper

    def counted_generator(function: Callable[..., Generator[Any, Any, Any]]) -> Any:
        def wrapper(*arguments: Any, **named: Any) -> Generator[Any, Any, Any]:
            count()
            return (yield from function(*arguments, **named))

        return wrapper

    # where psycopg gives a text to libpq: execute, executemany, COPY and FETCH; then BEGIN, COMMIT and their like
    for owner in (BaseCursor, ClientCursorMixin):
        owner._execute_send = counted(owner._execute_send)  # type: ignore[method-assign]
    BaseCursor._send_query_prepared = counted(BaseCursor._send_query_prepared)  # type: ignore[method-assign]
    BaseConnection._exec_command = counted_generator(BaseConnection._exec_command)  # type: ignore[method-assign]
    assert psycopg.Cursor._execute_send is BaseCursor._execute_send


def arm_sqlite() -> None:
    """Do the same for the statements that Django sends to SQLite."""
    from django.db.backends.signals import connection_created

    limit = int(os.environ[VARIABLE])

    def watch(connection: Any, **_: Any) -> None:
        if connection.vendor == "sqlite":
            connection.connection.set_trace_callback(lambda statement: _count(limit))

    connection_created.connect(watch, weak=False)


def _count(limit: int) -> None:
    global _sent
    _sent += _counting
    if _counting and _sent == limit:
        os.kill(os.getpid(), signal.SIGKILL)


def killed_at(code: str, environ: Mapping[str, str], number: int) -> bool:
    """Run the code, to be killed before that statement (0: never); tell whether it was.

    Raises:
        AssertionError: it failed otherwise.
    """
    begin = "" if "count_from_here()" in code else "kill_points.count_from_here()\n"
    program = f"from tests import kill_points\nkill_points.arm()\n{begin}{code}"
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environ, VARIABLE: str(number)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    if number and ended.returncode == -signal.SIGKILL:
        return True
    assert ended.returncode == 0, ended.stderr[-3000:]
    return False
