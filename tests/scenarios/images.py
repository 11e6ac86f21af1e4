"""What a client sees of scenarios in which an image cannot be had, or is not what was asked for."""

from __future__ import annotations

import re
from base64 import b64decode

import httpx
import pytest
from PIL import UnidentifiedImageError

from tests.scenarios.caller import Caller
from tests.scenarios.pictures import decoded
from tests.scenarios.refusals import Observation


def both(caller: Caller, **fields: object) -> tuple[httpx.Response, bytes]:
    """An image downloaded, and the same request's image out of base64."""
    downloaded = caller.fetch(caller.url(**fields))
    assert downloaded.status_code == 200
    assert int(downloaded.headers["content-length"]) == len(downloaded.content)
    encoded = caller.said(response_format="base64", **fields)["data"]["image_base64"][0]
    return downloaded, b64decode(encoded, validate=True)


def corrupt(caller: Caller) -> None:
    downloaded, encoded = both(caller)
    assert downloaded.headers["content-type"] == "image/jpeg"
    for data in (downloaded.content, encoded):
        assert data.startswith(b"\xff\xd8\xff\xe0")
        assert len(data) > 20_000
        with pytest.raises(OSError, match=r"(?i)cannot identify|truncated|broken"):
            decoded(data)
    assert caller.faults(3) == [[], ["corrupt_image"], ["corrupt_image"]]


def truncated(caller: Caller) -> None:
    downloaded, encoded = both(caller)
    assert downloaded.headers["content-type"] == "image/jpeg"
    for data in (downloaded.content, encoded):
        assert data.startswith(b"\xff\xd8\xff")
        assert not data.endswith(b"\xff\xd9")
        with pytest.raises(OSError, match="image file is truncated"):
            decoded(data)
    assert caller.faults(3) == [[], ["truncate_image"], ["truncate_image"]]


def html(caller: Caller) -> None:
    downloaded, encoded = both(caller)
    assert downloaded.headers["content-type"] == "text/html"
    assert downloaded.content == encoded
    assert encoded.startswith(b"<!DOCTYPE html>")
    with pytest.raises(UnidentifiedImageError):
        decoded(encoded)
    assert caller.faults(3) == [[], ["not_an_image"], ["not_an_image"]]


def wrong_size(caller: Caller) -> None:
    for fields, size in (({}, (960, 960)), ({"width": 512, "height": 2048}, (576, 1984))):
        downloaded, encoded = both(caller, **fields)
        assert downloaded.headers["content-type"] == "image/jpeg"
        assert decoded(downloaded.content) == decoded(encoded) == ("JPEG", size)
    assert caller.faults(3) == [[], ["wrong_size"], ["wrong_size"]]


def png(caller: Caller) -> None:
    downloaded, encoded = both(caller, aspect_ratio="16:9")
    assert downloaded.headers["content-type"] == "image/png"
    assert decoded(downloaded.content) == decoded(encoded) == ("PNG", (1280, 720))
    assert caller.faults(3) == [[], ["wrong_format"], ["wrong_format"]]


def store_error(answer: httpx.Response) -> tuple[int, str, str]:
    """HTTP status, code and message of the object store."""
    assert (answer.headers["content-type"], answer.headers["server"]) == ("application/xml", "AliyunOSS")
    code, message = (re.search(rf"<{tag}>(.*)</{tag}>", answer.text) for tag in ("Code", "Message"))
    assert code
    assert message
    return answer.status_code, code[1], message[1]


def expired(caller: Caller) -> None:
    url = caller.url()
    for _ in range(2):
        answer = caller.fetch(url)
        assert store_error(answer) == (403, "AccessDenied", "Request has expired.")
        assert answer.headers["x-oss-ec"] == "0002-00000069"
        assert "<Expires>" in answer.text
    assert caller.faults(3) == [[], ["expired_url"], ["expired_url"]]


def access_denied(caller: Caller) -> None:
    answer = caller.fetch(caller.url())
    message = "You have no right to access this object because of bucket acl."
    assert store_error(answer) == (403, "AccessDenied", message)
    assert "<Expires>" not in answer.text
    assert caller.faults(2) == [[], ["download_error"]]


def store_recovers(caller: Caller) -> None:
    url = caller.url()
    assert store_error(caller.fetch(url))[:2] == (503, "ServiceUnavailable")
    assert decoded(caller.fetch(url).content) == ("JPEG", (1024, 1024))
    assert caller.faults(3) == [[], ["download_error"], []]
    assert caller.spent() == 0.0035


def host_unreachable(caller: Caller) -> None:
    url = caller.url()
    for _ in range(2):
        with pytest.raises(httpx.ReadError):
            caller.fetch(url)
    assert caller.faults(3) == [[], ["reset"], ["reset"]]
    assert caller.journal(1)[0]["whole"] is False


def host_hangs(caller: Caller) -> None:
    url = caller.url()
    with pytest.raises(httpx.ReadTimeout):
        caller.fetch(url, timeout=0.5)
    assert caller.code() == 0, "a call does not wait for a download"
    downloads = [entry for entry in caller.journal(3) if entry["endpoint"] == "download"]
    assert [(entry["faults"], entry["status"], entry["client_gone"]) for entry in downloads] == [(["hang"], 0, True)]


SEEN: dict[str, Observation] = {
    "corrupt-image": corrupt,
    "truncated-image": truncated,
    "html-as-image": html,
    "wrong-size-image": wrong_size,
    "png-not-jpeg": png,
    "expired-urls": expired,
    "url-access-denied": access_denied,
    "image-host-503-then-ok": store_recovers,
    "image-host-unreachable": host_unreachable,
    "image-host-hang": host_hangs,
}
