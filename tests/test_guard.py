"""Who may call the admin API: no stranger's web page, nobody without the token, nothing that is too long."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mock_server import MockServer
from mock_server.admin.hosts import Callers, read_authority
from mock_server.serving import create_engine
from mock_server.settings import SettingError, Settings

TOKEN = "correct-horse-battery"
FOREIGN = "https://evil.example"


@pytest.fixture(scope="module")
def guarded() -> Iterator[str]:
    """The URL of a server with a token."""
    with MockServer(admin_token=TOKEN) as server:
        yield server.url


def call(url: str, method: str, path: str, **headers: str) -> httpx.Response:
    shown = {name.replace("_", "-"): value for name, value in headers.items()}
    with httpx.Client(trust_env=False) as client:
        return client.request(method, f"{url}/_mock{path}", headers=shown)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:1",
        "localhost",
        "LOCALHOST.:99",
        "mock.localhost:8484",
        "[::1]:8484",
        "192.168.7.7",
        "mock:8484",
        "my_mock",
        "host.docker.internal:8484",
        "mock.default.svc.cluster.local",
    ],
)
def test_a_host_that_no_stranger_can_own_is_trusted(server: MockServer, host: str) -> None:
    assert call(server.url, "GET", "/clock", Host=host).status_code == 200
    answer = call(server.url, "POST", "/clock", Host=host, Origin=f"http://{host}", Sec_Fetch_Site="same-origin")
    assert answer.status_code == 400, answer.text
    assert "the body is not JSON" in answer.json()["error"]


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"])
def test_a_name_that_may_have_been_rebound_is_refused(server: MockServer, method: str) -> None:
    answer = call(server.url, method, "/journal", Host="evil.example:8484")
    assert answer.status_code == 403
    assert answer.json() == {
        "error": "the Host 'evil.example:8484' is not known to be this emulator, so a page of a stranger may have sent "
        "this; call it by an address or localhost, or start it with --admin-hosts evil.example"
    }


def test_health_may_be_asked_by_any_name(server: MockServer) -> None:
    assert call(server.url, "GET", "/health", Host="probe.example").status_code == 200
    assert call(server.url, "POST", "/health", Host="probe.example").status_code == 403


@pytest.mark.parametrize(
    "host",
    ["", "a b", "evil.example@127.0.0.1", "[::1", "[::g]", "[]", "127.0.0.1:x", "127.0.0.1:99999", "a..b", ".", "\xe9"],
)
def test_a_malformed_host_is_refused(server: MockServer, host: str) -> None:
    url = urlsplit(server.url)
    with socket.create_connection((url.hostname or "", url.port or 0), timeout=10) as raw:
        raw.sendall(b"GET /_mock/clock HTTP/1.1\r\nHost: %b\r\nConnection: close\r\n\r\n" % host.encode("latin-1"))
        head, _, body = b"".join(iter(lambda: raw.recv(65536), b"")).partition(b"\r\n\r\n")
    assert head.split()[1] == b"403", head
    assert "the Host header must name this emulator" in json.loads(body)["error"]


@pytest.mark.parametrize("lines", [b"", b"Host: localhost\r\nHost: evil.example\r\n"], ids=["none", "two"])
def test_there_must_be_one_host(server: MockServer, lines: bytes) -> None:
    url = urlsplit(server.url)
    with socket.create_connection((url.hostname or "", url.port or 0), timeout=10) as raw:
        raw.sendall(b"GET /_mock/clock HTTP/1.1\r\n%bConnection: close\r\n\r\n" % lines)
        assert b" 403 " in raw.recv(65536)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": FOREIGN},
        {"Origin": "null"},
        {"Origin": "http://localhost:3000"},
        {"Origin": "http://[::1"},
        {"Origin": "file://"},
        {"Origin": "http://127.0.0.1:port"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "new-word"},
    ],
    ids=str,
)
def test_a_page_of_another_origin_may_look_but_not_change(server: MockServer, headers: dict[str, str]) -> None:
    for path in ("/reset", "/jurnal"):
        answer = httpx.post(f"{server.url}/_mock{path}", headers=headers, trust_env=False)
        assert answer.status_code == 403
        assert next(iter(headers.values())) in answer.json()["error"]
    looked = httpx.get(f"{server.url}/_mock/clock", headers=headers, trust_env=False)
    assert looked.status_code == 200
    assert "access-control-allow-origin" not in looked.headers
    assert looked.headers["cross-origin-resource-policy"] == "same-origin"


def test_its_own_pages_may_change() -> None:
    with MockServer(public_url="https://mock.example:8443", admin_hosts="*.corp.example, Other.example") as server:
        own = f"http://127.0.0.1:{urlsplit(server.url).port}"
        for host, origin in [
            (own[7:], own),
            ("mock.example", "https://mock.example"),
            ("mock.example:443", "https://mock.example"),
            ("mock.example:80", "http://mock.example"),
            ("localhost:1", "https://mock.example:8443"),
            ("ci.corp.example", "http://ci.corp.example"),
            ("other.example", ""),
        ]:
            answer = call(server.url, "POST", "/reset", Host=host, **({"Origin": origin} if origin else {}))
            assert answer.status_code == 200, answer.text
        for host, origin in [
            ("mock.example:80", "https://mock.example"),
            ("corp.example", "http://corp.example"),
            ("localhost:1", "http://mock.example:8443"),
        ]:
            assert call(server.url, "POST", "/reset", Host=host, Origin=origin).status_code == 403


@given(text=st.text(max_size=30) | st.from_regex(r"\A[a-z0-9.:\[\]@%_-]{1,30}\Z"))
@example("[" + ":" * 45 + "]")
@example("1.2.3.4.5.6.7.8:1")
def test_any_host_is_judged(text: str) -> None:
    found = read_authority(text)
    assert found is None or (found.host and (found.port or 0) <= 65535)
    shown = text.encode("utf-8", "surrogatepass")
    complaint = Callers(Settings()).complaint([(b"host", shown), (b"origin", shown)], changing=True)
    assert isinstance(complaint, str)


@pytest.mark.parametrize("text", ["http://mock.example", "mock.example:80", "a,,b", "*", "m*.example", ","])
def test_wrong_admin_hosts_are_refused(text: str) -> None:
    with pytest.raises(SettingError, match="admin_hosts takes names such as"):
        create_engine(Settings(admin_hosts=text))


@pytest.mark.parametrize("token", ["short", "with space in it", "slash/and+plus==", "x" * 201, "schl\xfcssel-wort"])
def test_a_token_that_no_header_and_link_can_carry_is_refused_and_not_shown(token: str) -> None:
    with pytest.raises(SettingError, match="admin_token must be 8 to 200 of") as refused:
        Settings(admin_token=token)
    assert token not in str(refused.value)
    assert TOKEN not in repr(Settings(admin_token=TOKEN))


def test_without_the_token_there_is_only_health(guarded: str) -> None:
    for line in ("GET /", "GET /journal", "GET /openapi.json", "GET /events", "POST /reset", "GET /nothing"):
        method, path = line.split()
        answer = call(guarded, method, path)
        assert answer.status_code == 401
        assert answer.json() == {
            "error": "the admin API needs the admin token; send it as the header X-Admin-Token, "
            "or open /_mock/?token=TOKEN in a browser"
        }
        assert answer.headers["www-authenticate"]
    wrong = call(guarded, "GET", "/journal", X_Admin_Token=TOKEN + "x")
    assert (wrong.status_code, wrong.json()["error"][:38]) == (401, "the token in X-Admin-Token is wrong; s")
    assert call(guarded, "GET", "/journal", Authorization=f"Bearer {TOKEN}").status_code == 401
    assert call(guarded, "GET", "/health").status_code == 200


def test_the_header_opens_and_authorization_still_selects_the_account(guarded: str) -> None:
    answer = call(guarded, "GET", "/account", X_Admin_Token=TOKEN, Authorization="Bearer sk-api-somebody")
    assert answer.json()["account"].startswith("sk-api*")
    assert TOKEN not in answer.text
    assert call(guarded, "POST", "/reset", X_Admin_Token=TOKEN).status_code == 200
    assert call(guarded, "POST", "/reset", X_Admin_Token=TOKEN, Origin=FOREIGN).status_code == 403


def test_a_link_with_the_token_lets_a_browser_in(guarded: str) -> None:
    with httpx.Client(trust_env=False, base_url=guarded) as browser:
        answer = browser.get(f"/_mock/?account=alice&token={TOKEN}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/_mock/?account=alice")
        name, value, *attributes = answer.headers["set-cookie"].replace("=", "; ", 1).split("; ")
        assert (name, attributes) == ("minimax_mock_admin", ["Path=/_mock", "HttpOnly", "SameSite=Strict"])
        assert TOKEN not in value
        assert browser.get("/_mock/").headers["content-type"].startswith("text/html")
        assert browser.post("/_mock/reset", headers={"Origin": guarded}).status_code == 200
        assert browser.post("/_mock/reset", headers={"Origin": FOREIGN}).status_code == 403
        assert browser.get("/_mock/journal", headers={"Cookie": f"{name}=0; other={value}"}).status_code == 401
    for link in ("/_mock/?token=wrong", "/_mock/?token=", "/_mock?token=%FF", f"/_mock/?token={TOKEN}&token={TOKEN}"):
        answer = httpx.get(guarded + link, trust_env=False)
        assert (answer.status_code, answer.headers.get("set-cookie")) == (401, None)


def test_the_token_is_never_in_the_journal(guarded: str) -> None:
    headers = {"Authorization": "Bearer sk-api-careless", "X-Admin-Token": TOKEN, "X-Other": f"a {TOKEN}"}
    body = {"model": "image-01", "prompt": f"a sign that says {TOKEN}"}
    httpx.post(f"{guarded}/v1/image_generation?token={TOKEN}", json=body, headers=headers, trust_env=False)
    httpx.get(f"{guarded}/_moc/?token={TOKEN}", trust_env=False)
    journal = call(guarded, "GET", "/journal", X_Admin_Token=TOKEN).text
    assert TOKEN not in journal
    assert journal.count("of the admin API>") >= 4


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
@pytest.mark.parametrize("client", ["httpx", "requests"])
def test_a_body_that_is_too_long_is_refused(server: MockServer, client: str, chunked: bool) -> None:
    import requests

    size = 9 * 1024 * 1024
    pieces = (b" " * 65536 for _ in range(size // 65536))
    url = f"{server.url}/_mock/clock"
    answer: httpx.Response | requests.Response
    if client == "httpx":
        answer = httpx.post(url, content=pieces if chunked else b" " * size, trust_env=False)
    else:
        answer = requests.post(url, data=pieces if chunked else b" " * size, timeout=30)
    assert answer.status_code == 413
    assert answer.json() == {"error": "the body of an admin call may have 1048576 bytes at most"}
    allowed = httpx.post(url, content=b'{"freeze":false}' + b" " * (1024 * 1024 - 16), trust_env=False)
    assert allowed.status_code == 200


def test_the_rest_of_a_body_that_is_too_long_is_not_waited_for(server: MockServer) -> None:
    url = urlsplit(server.url)
    with socket.create_connection((url.hostname or "", url.port or 0), timeout=10) as raw:
        raw.sendall(b"POST /_mock/clock HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n")
        assert raw.recv(65536).startswith(b"HTTP/1.1 413 ")
    with socket.create_connection((url.hostname or "", url.port or 0), timeout=10) as raw:
        raw.sendall(b"POST /_mock/clock HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        raw.sendall(b"100001\r\n" + b" " * 0x100001 + b"\r\n")
        assert raw.recv(65536).startswith(b"HTTP/1.1 413 ")
