"""What the sandbox shows in place of the files and the name server by which programs find hosts."""

from __future__ import annotations

import socket
import struct
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.hosts import LIVE_HOSTS
from mock_server.intercept.nameserver import NameServer, respond
from mock_server.intercept.sandbox import ADDRESS, hosts, nsswitch

A, AAAA, MX = 1, 28, 15


def question(name: str, kind: int = A, number: int = 7) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack("!HHHHHH", number, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", kind, 1)


def read(answer: bytes | None) -> tuple[int, int, bytes]:
    """Code, number of records, the last four bytes."""
    assert answer is not None
    number, flags, questions, records = struct.unpack_from("!HHHH", answer)
    assert (number, flags >> 15, questions) == (7, 1, 1)
    return flags & 0xF, records, answer[-4:]


@pytest.mark.parametrize("name", ["api.minimax.io", "Queue.FAL.run", *LIVE_HOSTS])
def test_live_hosts_have_our_address_and_no_other(name: str) -> None:
    assert read(respond(question(name), ADDRESS)) == (0, 1, socket.inet_aton(ADDRESS))
    for kind in (AAAA, MX):
        assert read(respond(question(name, kind), ADDRESS))[:2] == (0, 0)


@pytest.mark.parametrize("name", ["example.com", "minimax.io", "api.minimax.io.example.com"])
def test_other_names_do_not_exist(name: str) -> None:
    assert read(respond(question(name), ADDRESS))[:2] == (3, 0)


@given(st.binary(max_size=64))
def test_nonsense_gets_no_answer_or_a_short_one(noise: bytes) -> None:
    for message in (noise, question("api.minimax.io")[: len(noise)], question("api.minimax.io") + noise):
        answer = respond(message, ADDRESS)
        assert answer is None or len(answer) <= len(message) + 16


def test_it_answers_until_it_is_stopped() -> None:
    listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listening.bind(("127.0.0.1", 0))
    names = NameServer(listening, ADDRESS)
    names.start()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(20)
        client.connect(listening.getsockname())
        client.send(b"noise")
        client.send(question("fal.run"))
        assert read(client.recv(1000))[1] == 1
    names.stop()
    assert listening.fileno() == -1


def test_the_address_looks_public() -> None:
    assert ip_address(ADDRESS).is_global


def test_the_hosts_file_keeps_the_users_own_names() -> None:
    own = [
        "127.0.0.1 localhost # here",
        "::1 ip6-localhost ip6-loopback",
        "10.1.2.3 db api.minimax.io",
        "1.2.3.4 FAL.run",
    ]
    lines = hosts("\n".join([*own, "", "#x", ""])).splitlines()
    assert lines[: len(LIVE_HOSTS)] == [f"{ADDRESS} {name}" for name in LIVE_HOSTS]
    assert lines[len(LIVE_HOSTS) :] == ["127.0.0.1 localhost", "::1 ip6-localhost ip6-loopback", "10.1.2.3 db"]


def test_names_come_from_the_hosts_file_whatever_the_system_asks_first() -> None:
    usual = "passwd: files sss\nhosts: mymachines resolve [!UNAVAIL=return] files dns\nnetworks: files\n"
    assert nsswitch(usual).split("\n") == ["passwd: files sss", "networks: files", "", "hosts: files dns", ""]
