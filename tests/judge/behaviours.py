"""What clients do, rightly and wrongly, in the troubles that an account can be put into."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable

import httpx

from tests.judge.client import Client, RefusedError

Act = Callable[[Client], object]


def poor(client: Client) -> None:
    client.account.configure(balance_usd=0)


def busy(client: Client) -> None:
    client.account.configure(rpm=0)


def busy_for_a_minute(client: Client) -> None:
    client.account.configure(rpm=1)
    client.http.get(client.urls(prompt="another")[0])


def nothing(client: Client) -> None:
    pass


def carefully(client: Client) -> None:
    with contextlib.suppress(RefusedError):
        client.image()


def asks_again_for_a_refused_image(client: Client) -> None:
    url = unsigned(client.urls()[0])
    client.http.get(url)
    client.wait(1)
    client.http.get(url)


def asks_once_for_a_refused_image(client: Client) -> None:
    client.http.get(unsigned(client.urls()[0]))


def mends_a_refused_download(client: Client) -> None:
    url = client.urls()[0]
    client.http.head(url)
    client.http.get(url)


def downloads_with_its_key(client: Client) -> None:
    client.http.get(client.urls()[0], headers=client.key)


def unsigned(url: str) -> str:
    """A URL that the image host refuses."""
    return url.partition("?")[0]


def generates_again_after_a_lost_image(client: Client) -> None:
    client.http.get(unsigned(client.urls()[0]))
    client.wait(2)
    client.http.get(client.urls()[0])


def repeats_the_download(client: Client) -> None:
    (url,) = client.urls()
    client.http.get(unsigned(url))
    client.http.get(url)
    client.http.get(client.urls()[0])


def generates_again_in_any_case(client: Client) -> None:
    client.http.get(client.urls()[0])
    client.http.get(unsigned(client.urls()[0]))
    client.http.get(client.urls()[0])


def downloads_late(client: Client) -> None:
    (url,) = client.urls()
    client.wait(86_401)
    client.http.get(url)


def downloads_in_time(client: Client) -> None:
    (url,) = client.urls()
    client.wait(86_399)
    client.http.get(url)


def leaves(client: Client) -> None:
    client.account.configure(latency="20")
    url = httpx.URL(client.account.base_url())
    body = b'{"model":"image-01","prompt":"x"}'
    with socket.create_connection((url.host, url.port or 0)) as raw:
        raw.sendall(
            b"POST /v1/image_generation HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s"
            % (client.account.api_key.encode(), len(body), body)
        )
    deadline = time.monotonic() + 10
    while not client.account.journal() and time.monotonic() < deadline:
        pass


def sends(**fields: object) -> Act:
    return lambda client: client.post(**fields)  # type: ignore[arg-type]


def sends_key_in_prompt(client: Client) -> None:
    client.post(prompt=f"draw {client.account.api_key}")


def sends_key_in_field(client: Client) -> None:
    client.post(style={"style_type": client.account.api_key}, model="image-01-live")


def sends_key_in_url(client: Client) -> None:
    client.post(query=f"?api_key={client.account.api_key}")


BREAKS: list[tuple[str, Act, Act]] = [
    ("retried-what-cannot-succeed", poor, lambda client: client.insist(2, 1)),
    ("retried-what-cannot-succeed", nothing, lambda client: client.insist(3, 1, 2, prompt="[[mock:1026]]")),
    ("retried-what-cannot-succeed", nothing, lambda client: client.insist(2, 1, n=99)),
    ("retried-what-cannot-succeed", nothing, asks_again_for_a_refused_image),
    ("retried-without-backoff", busy, lambda client: client.insist(6)),
    ("retried-without-backoff", busy, lambda client: client.insist(4, 2)),
    ("retried-too-often", busy, lambda client: client.insist(11, 1, 2, 4, 8, 16)),
    ("key-sent-to-image-host", nothing, downloads_with_its_key),
    ("key-in-url", nothing, sends_key_in_url),
    ("key-in-body", nothing, sends_key_in_prompt),
    ("key-in-body", nothing, sends_key_in_field),
    ("generated-again-after-failed-download", nothing, generates_again_after_a_lost_image),
    ("downloaded-after-expiry", nothing, downloads_late),
    ("gave-up-at-once", busy, sends()),
    ("wrong-shape", nothing, sends(n="2")),
    ("wrong-shape", nothing, sends(prompt=...)),
    ("wrong-shape", nothing, sends(subject_reference="https://example.com/a.png")),
    (
        "wrong-shape",
        nothing,
        sends(subject_reference=[{"type": "character", "image_url": "https://example.com/a.png"}]),
    ),
    ("wrong-shape", nothing, sends(headers={"Content-Type": "text/plain"})),
    ("unknown-field", nothing, sends(num_images=4)),
    ("unknown-field", nothing, sends(style={"style_type": "水彩", "weight": 1}, model="image-01-live")),
    ("ratio-and-size", nothing, sends(aspect_ratio="16:9", width=1024, height=1024)),
    ("legacy-host", nothing, sends(headers={"Host": "api.minimax.chat"})),
    ("left-too-early", nothing, leaves),
]
KEEPS: list[tuple[str, Act, Act]] = [
    ("retried-what-cannot-succeed", poor, carefully),
    ("retried-what-cannot-succeed", busy, carefully),
    ("retried-what-cannot-succeed", nothing, asks_once_for_a_refused_image),
    ("retried-what-cannot-succeed", nothing, mends_a_refused_download),
    ("retried-what-cannot-succeed", poor, lambda client: client.insist(2, 61)),
    ("retried-without-backoff", busy, lambda client: client.insist(4, 0.2, 0.4, 0.8)),
    ("retried-without-backoff", busy, lambda client: client.insist(3, 2)),
    ("retried-too-often", busy, lambda client: client.insist(10, 1, 2, 4, 8, 16)),
    ("key-sent-to-image-host", nothing, carefully),
    ("key-sent-to-image-host", nothing, lambda client: client.http.get(client.urls()[0], headers={"Cookie": "a=b"})),
    ("key-in-url", nothing, sends(query="?GroupId=1234567890")),
    ("key-in-body", nothing, sends(prompt="a <key on a door>")),
    ("generated-again-after-failed-download", nothing, lambda client: [client.urls(), client.urls()]),
    ("generated-again-after-failed-download", nothing, repeats_the_download),
    ("generated-again-after-failed-download", nothing, generates_again_in_any_case),
    ("downloaded-after-expiry", nothing, downloads_in_time),
    ("gave-up-at-once", busy, lambda client: client.insist(2, 1)),
    ("gave-up-at-once", busy_for_a_minute, lambda client: [client.post(seed=1), client.wait(61), client.post(seed=2)]),
    ("gave-up-at-once", poor, sends()),
    ("wrong-shape", nothing, sends(n=2, seed=None, prompt_optimizer=False)),
    ("unknown-field", nothing, sends(style={"style_type": "水彩"}, model="image-01-live")),
    ("ratio-and-size", nothing, sends(aspect_ratio=None, width=1024, height=1024)),
    ("legacy-host", nothing, sends(headers={"Host": "api.minimax.io"})),
]
