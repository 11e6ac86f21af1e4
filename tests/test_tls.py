"""``--tls``: a second port with a certificate of our own, told apart from the plain one in nothing else."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from mock_server import MockServer
from mock_server.app import App
from mock_server.core.hosts import LIVE_HOSTS
from mock_server.server import BindError, Server, bind
from mock_server.serving import create_engine
from mock_server.settings import SettingError, Settings
from mock_server.tls import Tls
from tests.test_command import run, serving

BODY = {"model": "image-01", "prompt": "x", "n": 2}
HEADERS = {"Authorization": "Bearer sk-api-tls"}


@pytest.fixture(scope="module")
def secured() -> Iterator[MockServer]:
    with MockServer(tls=True, admin_hosts="mock.example") as running:
        yield running


@pytest.fixture(scope="module")
def https(secured: MockServer) -> Iterator[httpx.Client]:
    context = ssl.create_default_context(cafile=secured.ca_file)
    with httpx.Client(verify=context, trust_env=False, base_url=secured.tls_url) as client:
        yield client


def connect(server: MockServer, name: str) -> ssl.SSLSocket:
    """A verified connection that asks for `name`, as if that resolved to this machine."""
    url = httpx.URL(server.tls_url)
    context = ssl.create_default_context(cafile=server.ca_file)
    context.set_alpn_protocols(["h2", "http/1.1"])
    raw = socket.create_connection((url.host, url.port or 0), timeout=10)
    return context.wrap_socket(raw, server_hostname=name)


def test_an_image_is_made_and_fetched_over_tls(secured: MockServer, https: httpx.Client) -> None:
    urls = https.post("/v1/image_generation", json=BODY, headers=HEADERS).json()["data"]["image_urls"]
    for url in urls:
        assert url.startswith(f"{secured.tls_url}/oss/")
        image = https.get(url)
        assert (image.status_code, image.headers["content-type"]) == (200, "image/jpeg")
        assert len(image.content) == int(image.headers["content-length"])
    assert https.get("/_mock/health").json()["status"] == "ok"
    plain = httpx.post(f"{secured.url}/v1/image_generation", json=BODY, headers=HEADERS, trust_env=False).json()
    assert plain["data"]["image_urls"][0].startswith(f"{secured.url}/oss/")


def test_a_long_answer_is_whole(https: httpx.Client) -> None:
    body = BODY | {"response_format": "base64", "n": 9, "aspect_ratio": "21:9"}
    answer = https.post("/v1/image_generation", json=body, headers=HEADERS)
    assert len(answer.json()["data"]["image_base64"]) == 9


def test_curl_verifies_it(secured: MockServer) -> None:
    command = ["curl", "-sS", "--fail", "--noproxy", "*", "--cacert", secured.ca_file]
    for url in (secured.tls_url, secured.tls_url.replace("127.0.0.1", "localhost")):
        answer = subprocess.run([*command, f"{url}/_mock/health"], capture_output=True, text=True, check=True)
        assert json.loads(answer.stdout)["status"] == "ok"
    stranger = subprocess.run(["curl", "-sS", secured.tls_url], capture_output=True, text=True, check=False)
    assert stranger.returncode == 60, "without the CA file nobody believes it"


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1", "mock.example", *LIVE_HOSTS])
def test_it_is_valid_for_this_machine_and_the_live_hosts(secured: MockServer, name: str) -> None:
    with connect(secured, name) as connection:
        assert connection.selected_alpn_protocol() == "http/1.1"
        assert connection.version() in {"TLSv1.2", "TLSv1.3"}
        for _ in range(2):  # the connection is kept
            connection.sendall(b"GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n")
            answer = b""
            while not answer.endswith(b"404 page not found"):
                answer += connection.recv(65536)
            assert answer.startswith(b"HTTP/1.1 404 ")


def test_it_is_not_valid_for_others(secured: MockServer) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        connect(secured, "api.example.com")


def test_a_call_to_the_live_host_gets_live_urls(secured: MockServer) -> None:
    with connect(secured, "api.minimaxi.com") as connection:
        body = json.dumps(BODY).encode()
        head = b"POST /v1/image_generation HTTP/1.1\r\nHost: api.minimaxi.com\r\nAuthorization: Bearer k\r\n"
        connection.sendall(head + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        assert b'"https://hailuo-image-algeng-data.oss-cn-wulanchabu.aliyuncs.com/' in connection.recv(65536)


def test_nonsense_on_the_tls_port_hurts_nobody(secured: MockServer, https: httpx.Client) -> None:
    url = httpx.URL(secured.tls_url)
    for sent in (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"\x00" * 500, b""):
        with socket.create_connection((url.host, url.port or 0), timeout=10) as raw:
            raw.sendall(sent)
            raw.shutdown(socket.SHUT_WR)
            while raw.recv(65536):
                pass
    assert https.get("/_mock/health").status_code == 200


def test_a_stop_removes_the_file_and_frees_both_ports() -> None:
    with MockServer(tls=True) as server:
        ports = [httpx.URL(url).port or 0 for url in (server.url, server.tls_url)]
        folder = Path(server.ca_file).parent
        assert [file.name for file in folder.iterdir()] == ["ca.pem"]
        assert folder.stat().st_mode & 0o777 == 0o700
        assert "PRIVATE" not in Path(server.ca_file).read_text(encoding="ascii")
        idle = connect(server, "localhost")
    assert not folder.exists()
    idle.close()
    for port in ports:
        bind("127.0.0.1", port).close()
    with pytest.raises(RuntimeError, match="not running with TLS"):
        _ = server.tls_url


def test_it_works_on_the_event_loop_of_asyncio() -> None:
    settings = Settings(port=0, tls=True, tls_port=0)
    tls = Tls(settings)

    async def exchange() -> bytes:
        ready = asyncio.Event()
        server = Server(App(create_engine(settings)), settings, on_ready=ready.set, tls=tls)
        serving = asyncio.create_task(server.serve([bind("127.0.0.1", 0)]))
        await ready.wait()
        context = ssl.create_default_context(cafile=tls.ca_file)
        reader, writer = await asyncio.open_connection("127.0.0.1", httpx.URL(tls.url).port, ssl=context)
        writer.write(b"GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = await reader.readuntil(b"404 page not found")
        server.should_exit = True
        await serving
        writer.close()
        return answer

    with asyncio.Runner() as runner:
        assert runner.run(exchange()).startswith(b"HTTP/1.1 404 ")
    tls.close()


def test_no_plain_server_has_it() -> None:
    with MockServer() as server, pytest.raises(RuntimeError, match="tls=True"):
        _ = server.ca_file
    with pytest.raises(SettingError, match="tls_port 1 is for --tls, which is not given"):
        MockServer(tls_port=1)


def test_a_taken_port_and_an_impossible_name_are_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BindError, match=f"cannot listen on 127.0.0.1:{port}: .* choose another with --tls-port"):
            MockServer(tls=True, tls_port=port).start()
    with pytest.raises(SettingError, match="no certificate can be made for one of localhost, "):
        MockServer(tls=True, admin_hosts="under_score.example").start()


def test_serve_tells_where() -> None:
    with serving("--port", "0", "--json", "--tls", "--tls-port", "0") as (process, line):
        event = json.loads(line)
        assert list(event) == ["event", "url", "admin_url", "tls_url", "ca_file", "pid"]
        answer = httpx.get(
            event["tls_url"], verify=ssl.create_default_context(cafile=event["ca_file"]), trust_env=False
        )
        assert answer.status_code == 404
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
        assert (process.returncode, errors) == (0, "")
        assert not Path(event["ca_file"]).parent.exists()
    with serving("--port", "0", "--tls", "--tls-port", "0") as (process, line):
        assert line.startswith("minimax-mock ready: http://127.0.0.1:")
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=20)
    assert rest == ""
    assert "  TLS        https://127.0.0.1:" in errors
    assert "curl --cacert /" in errors


def test_serve_does_not_start_on_a_taken_tls_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = run("serve", "--port", "0", "--tls", "--tls-port", str(taken.getsockname()[1]))
    assert result.returncode == 2
    assert "choose another with --tls-port; 0 picks a free one" in result.stderr
