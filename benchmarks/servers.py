"""The servers that are measured, each a child process on the servers' core."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.exchange import Answer, Request, send
from benchmarks.machine import COMMAND, HERE, BenchmarkError, aimock_script, cores, new_file, on_core

START_SECONDS = 30
_TICK = os.sysconf("SC_CLK_TCK")
_UVICORN = ("loop", "ws", "lifespan", "interface", "log_config", "log_level", "access_log", "server_header",
            "proxy_headers", "timeout_graceful_shutdown")  # fmt: skip


@dataclass(frozen=True)
class Launch:
    """How a server is started; ``{port}`` in the command stands for its port."""

    name: str
    command: Sequence[str]


@dataclass(frozen=True)
class Server:
    """A server that answers."""

    name: str
    port: int
    pid: int

    def rss_mb(self) -> float:
        """Resident memory in MB (of 2**20 bytes, as top and docker stats print it)."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise BenchmarkError(f"{self.name} has ended")

    def cpu_seconds(self) -> float:
        """Processor time used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK


def ours() -> Launch:
    """The emulator, with its default settings."""
    return Launch("minimax-mock", [str(COMMAND), "serve", "--port", "{port}"])


def bare(answer: Answer, folder: Path) -> Launch:
    """Answers `answer` whatever the request: uvicorn with its own protocol, otherwise set up as the emulator has it."""
    from mock_server.app import App
    from mock_server.dispatch import Engine
    from mock_server.server import Server as OurServer
    from mock_server.settings import Settings

    config = OurServer(App(Engine(Settings())), Settings(), on_ready=lambda: None).config
    options = json.dumps({"http": "httptools"} | {name: getattr(config, name) for name in _UVICORN})
    stored = new_file(folder)
    stored.write_text(answer.as_json())
    return Launch("bare uvicorn", [sys.executable, str(HERE / "peers" / "bare.py"), "{port}", str(stored), options])


def plain_pillow() -> Launch:
    """The emulator, drawing the same pictures with Pillow alone."""
    return Launch("plain Pillow", _pillow("same"))


def simple_pillow() -> Launch:
    """The emulator, drawing a gradient and the prompt with Pillow."""
    return Launch("simpler picture", _pillow("simple"))


def _pillow(kind: str) -> list[str]:
    return [sys.executable, str(HERE / "peers" / "plain_pillow.py"), "{port}", kind]


def aimock(image: dict[str, str], folder: Path) -> Launch:
    """aimock with one canned image: ``{"url": ...}`` or ``{"b64Json": ...}``."""
    fixture = new_file(folder)
    fixture.write_text(json.dumps({"fixtures": [{"match": {"endpoint": "image"}, "response": {"images": [image]}}]}))
    command = ["node", str(aimock_script()), "-p", "{port}", "-f", str(fixture), "--log-level", "silent"]
    return Launch("aimock", command)


def spawn(launch: Launch, port: int, log: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    """Begin to start a server, in a session of its own so that Ctrl-C is ours to pass on."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MINIMAX_MOCK_")}
    command = [part.replace("{port}", str(port)) for part in launch.command]
    with on_core(cores()[0]):
        return subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server, gently if it lets us."""
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def running(launch: Launch, folder: Path) -> Iterator[Server]:
    """The server, once it listens, until the block ends."""
    port = free_port()
    log = new_file(folder)
    with log.open("wb") as file:
        process = spawn(launch, port, file.fileno())
    try:
        _wait_until_it_listens(launch.name, process, port, log)
        yield Server(launch.name, port, process.pid)
    finally:
        stop(process)


@contextmanager
def all_running(launches: Sequence[Launch], folder: Path) -> Iterator[list[Server]]:
    """Several servers at once."""
    with ExitStack() as stack:
        yield [stack.enter_context(running(launch, folder)) for launch in launches]


def answer_of(launch: Launch, request: Request, folder: Path) -> Answer:
    """What a fresh server answers to one request."""
    with running(launch, folder) as server:
        return send(server.port, request)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def _wait_until_it_listens(name: str, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    stop_at = time.monotonic() + START_SECONDS
    while time.monotonic() < stop_at and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.005)
        else:
            return
    raise BenchmarkError(f"{name} did not start:\n{log.read_text(errors='replace')[-2000:]}")
