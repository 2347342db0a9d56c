"""A distance between us and a server: TCP ports that lead to it, each byte arriving some time after it was sent.

`python -m tests.slow_proxy SERVER_PORT DELAY_SECONDS PORT [PORT ...]` serves until its standard input ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def slow_ports(server_port: int, delay: float, ports: list[int]) -> Iterator[None]:
    """Run the proxy in a process of its own, so that it takes no turn of ours."""
    command = [sys.executable, "-m", "tests.slow_proxy", str(server_port), str(delay), *map(str, ports)]
    root = Path(__file__).parents[1]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        process.stdout.readline()
        try:
            yield
        finally:
            process.stdin.close()
            process.wait(10)


async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter, delay: float) -> None:
    """Copy one direction; what is sent in one piece arrives in one piece."""
    loop = asyncio.get_running_loop()
    arrivals: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def deliver() -> None:
        while True:
            due, piece = await arrivals.get()
            await asyncio.sleep(max(0.0, due - loop.time()))
            if not piece:
                break
            target.write(piece)
            await target.drain()

    delivering = asyncio.create_task(deliver())
    with contextlib.suppress(OSError):
        while piece := await source.read(65536):
            arrivals.put_nowait((loop.time() + delay, piece))
    arrivals.put_nowait((0.0, b""))
    with contextlib.suppress(OSError):
        await delivering
    target.close()


async def serve(server_port: int, delay: float, ports: list[int]) -> None:
    """Listen on all ports until standard input ends."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.CancelledError):
            theirs_in, theirs_out = await asyncio.open_connection("127.0.0.1", server_port)
            await asyncio.gather(carry(reader, theirs_out, delay), carry(theirs_in, writer, delay))

    servers = [await asyncio.start_server(connected, "127.0.0.1", port) for port in ports]
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    for server in servers:
        server.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2]), [int(each) for each in sys.argv[3:]]))
