"""Downloads of images by the URLs that the emulator gave: rendered when fetched, or again from its cache."""

from __future__ import annotations

import http.client
import json
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import url_answers
from benchmarks.exchange import Request, send
from benchmarks.load import FIRST_SEED, Target
from benchmarks.machine import new_file
from benchmarks.rounds import Pace, interleaved
from benchmarks.servers import Server, all_running, bare, ours, plain_pillow, running, simple_pillow
from benchmarks.tables import Table

CONNECTIONS = 8
OF_PLAIN_PILLOW = 20.0
OF_BARE = 0.5
URLS = 4000
"""Many more than the emulator's caches hold, so that a round trip over all of them never meets a file kept."""

JPEG = b"\xff\xd8\xff"
ANY_IMAGE = Request("GET", "{line}", "", JPEG)


def measure(pace: Pace, folder: Path) -> list[Table]:
    """Both ways, each beside its peer."""
    return [_rendered(pace, folder), _cached(pace, folder)]


def _rendered(pace: Pace, folder: Path) -> Table:
    with all_running([ours(), plain_pillow(), simple_pillow()], folder) as servers:
        targets = [Target(server, ANY_IMAGE, CONNECTIONS, folder, _urls(server, URLS, folder)) for server in servers]
        own, plain, simple = interleaved(targets, pace)
    rows = (own.row(), plain.against(own, OF_PLAIN_PILLOW), simple.against(own, None))
    note = f"GET of {URLS} URLs in turn, each of another 1024x1024 image, {CONNECTIONS} connections"
    return Table("Downloads, rendered on demand", "requests/s", rows, note)


def _cached(pace: Pace, folder: Path) -> Table:
    with running(ours(), folder) as mine:
        path = _urls(mine, 1, folder).read_text().strip()
        request = Request("GET", path, "", JPEG)
        answer = send(mine.port, request)
        with running(bare(answer, folder), folder) as empty:
            targets = [Target(server, request, CONNECTIONS, folder) for server in (mine, empty)]
            own, bare_server = interleaved(targets, pace)
    rows = (own.row(), bare_server.against(own, OF_BARE))
    size = len(answer.body) / 1000
    note = f"GET of one URL, {size:.0f} kB, {CONNECTIONS} connections; bare uvicorn sends the same bytes"
    return Table("Downloads, cached", "requests/s", rows, note)


def _urls(server: Server, count: int, folder: Path) -> Path:
    """A file of the paths of `count` images, each of a request of its own, a seed apart."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    paths = []
    for number in range(count):
        head, _, body = url_answers.REQUEST.text(server.port).partition("\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
        connection.request("POST", url_answers.REQUEST.path, body.replace("{seed}", str(FIRST_SEED + number)), headers)
        url = urlsplit(json.loads(connection.getresponse().read())["data"]["image_urls"][0])
        paths.append(f"{url.path}?{url.query}")
    connection.close()
    file = new_file(folder)
    file.write_text("\n".join(paths))
    return file
