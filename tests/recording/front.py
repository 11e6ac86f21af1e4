"""The live service as a stand-in has it: an emulator that believes it is called by the service's own names.

It passes calls on to the emulator under the API's host, and is the HTTP proxy behind which the image host lies.
"""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

HOPS = {"host", "connection", "proxy-connection", "content-length", "transfer-encoding"}


class Front:
    """A server on a free port, in front of the emulator at `url`."""

    def __init__(self, url: str) -> None:
        self.fetched: list[str] = []
        """What was fetched through the proxy."""

        front = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self._pass_on("api.minimax.io", self.path)

            def do_GET(self) -> None:
                front.fetched.append(self.path)
                parts = urlsplit(self.path)
                self._pass_on(parts.netloc, self.path.partition(parts.netloc)[2])

            def _pass_on(self, host: str, path: str) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = [(name, value) for name, value in self.headers.items() if name.lower() not in HOPS]
                answer = httpx.request(
                    self.command, url + path, headers=[*headers, ("Host", host)], content=body, trust_env=False
                )  # fmt: skip
                self.send_response_only(answer.status_code)
                for name, value in answer.headers.multi_items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.content)

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
