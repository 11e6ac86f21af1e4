"""wrk, told what to send and asked what came of it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.exchange import Request, send
from benchmarks.machine import HERE, BenchmarkError, cores, new_file, on_core
from benchmarks.servers import Server

FIRST_SEED = 100_000_000
SEEDS_PER_RUN = 1_000_000
"""No run sends so many requests: seeds stay unique from run to run."""
TOLERANCE = 0.15
"""How far the mean size of the answers may be from that of the one that was checked."""


@dataclass(frozen=True)
class Load:
    """One run of wrk against one server."""

    requests: int
    seconds: float
    cpu_seconds: float

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds

    @property
    def cpu_micros(self) -> float:
        """Microseconds of the server's processor time per request."""
        return self.cpu_seconds / self.requests * 1e6

    @property
    def busy(self) -> float:
        """The share of its core that the server used."""
        return self.cpu_seconds / self.seconds


@dataclass
class Target:
    """A server, and the requests to load it with; `lines` is a file of values for ``{line}``."""

    server: Server
    request: Request
    connections: int
    folder: Path
    lines: Path | None = None
    runs: int = 0
    sent: int = 0
    _template: Path = field(init=False)

    def __post_init__(self) -> None:
        self._template = new_file(self.folder)
        self._template.write_text(self.request.text(self.server.port), newline="")

    def run(self, seconds: float) -> Load:
        """Load the server for so long. Raises `BenchmarkError` when any answer was not right."""
        expected = self._check()
        first = self.sent if self.lines else FIRST_SEED + self.runs * SEEDS_PER_RUN
        cpu = self.server.cpu_seconds()
        result = self._wrk(seconds, first)
        load = Load(result["requests"], result["microseconds"] / 1e6, self.server.cpu_seconds() - cpu)
        self.runs += 1
        self.sent += load.requests
        mean = result["bytes"] / max(load.requests, 1)
        if result["errors"] or not load.requests or abs(mean / expected - 1) > TOLERANCE:
            raise BenchmarkError(
                f"{self.server.name}: {result['errors']} errors in {load.requests} answers of {mean:.0f} bytes; "
                f"none in answers of about {expected} bytes was expected"
            )
        self._check()
        return load

    def _check(self) -> int:
        """The size of a right answer."""
        line = ""
        if self.lines:
            with self.lines.open() as file:
                line = file.readline().strip()
        return send(self.server.port, self.request, FIRST_SEED - 1 - self.runs, line).size

    def _wrk(self, seconds: float, first: int) -> dict[str, int]:
        url = f"http://127.0.0.1:{self.server.port}/"
        script = [str(HERE / "lua" / "load.lua"), url, "--", str(self._template), str(first)]
        options = ["-t1", f"-c{self.connections}", f"-d{max(seconds, 1):.0f}s", "--timeout", "10s", "-s", *script]
        with on_core(cores()[1]):
            command = ["wrk", *options, *([str(self.lines)] if self.lines else [])]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BenchmarkError(f"wrk failed: {done.stderr or done.stdout}")
        return json.loads(done.stdout.splitlines()[-1])
