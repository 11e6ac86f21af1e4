"""The object store of the image addresses, as Alibaba's documentation describes it (V1 signature in the query)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import string
import time
import urllib.parse
import uuid
from dataclasses import dataclass, field
from email.utils import formatdate
from xml.sax.saxutils import escape

from tests.drift.deviations import Ways

HOSTS = {
    "io": "hailuo-image-algeng-data-us.oss-us-east-1.aliyuncs.com",
    "cn": "hailuo-image-algeng-data.oss-cn-wulanchabu.aliyuncs.com",
}
SCHEMES = {"io": "http", "cn": "https"}
DAY = 86400
ACL = "You have no right to access this object because of bucket acl."
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your key and signing method."
)
NO_KEY_ID = "The OSS Access Key Id you provided does not exist in our records."
TWO_WAYS = "Only one auth mechanism allowed; only the Authorization header or the Signature query parameter is allowed."


@dataclass(frozen=True)
class Answer:
    """What goes over the wire."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True)
class Signed:
    """The query of a signed address."""

    expires: str
    access_key: str
    signature: str


@dataclass
class Store:
    """One bucket: keeps the objects, makes their addresses, answers for them."""

    region: str
    ways: Ways
    objects: dict[str, bytes] = field(default_factory=dict)
    made: dict[str, float] = field(default_factory=dict)
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    access_key: str = field(
        default_factory=lambda: (
            "LTAI" + "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(20))
        )
    )

    @property
    def host(self) -> str:
        """The host in the addresses."""
        host = HOSTS[self.region]
        return host.replace("hailuo", "talkie") if self.ways("other-host") else host

    def put(self, image: bytes) -> str:
        """Keep an image; returns its signed address."""
        now = time.time()
        day = time.strftime("%Y-%m-%d", time.gmtime(now))
        key = f"image_inference_output/talkie/prod/img/{day}/{uuid.uuid4()}_aigc.jpeg"
        self.objects[key], self.made[key] = image, now
        lifetime = 3600 if self.ways("expires-in-1-hour") else DAY
        expires = str(int(now) + lifetime)
        path = urllib.parse.quote(key, safe="/" if self.ways("key-with-slashes") else "")
        query = urllib.parse.urlencode(
            {"Expires": expires, "OSSAccessKeyId": self.access_key, "Signature": self.sign("GET", expires, key)}
        )
        if self.ways("one-query-parameter-more"):
            query += "&security-token=none"
        scheme = SCHEMES["cn" if self.region == "io" else "io"] if self.ways("other-scheme") else SCHEMES[self.region]
        return f"{scheme}://{self.host}/{path}?{query}"

    def sign(self, method: str, expires: str, key: str) -> str:
        """The V1 signature, which covers the method."""
        signed = f"{method}\n\n\n{expires}\n/{self.host.partition('.')[0]}/{key}"
        return base64.b64encode(hmac.digest(self.secret, signed.encode(), hashlib.sha1)).decode()

    def answer(self, method: str, path: str, query: str, headers: dict[str, str]) -> Answer:
        """Answer a call for an object; header names in lower case."""
        key = urllib.parse.unquote(path.removeprefix("/"))
        signed = self.signed(query)
        if signed is None:
            if method == "GET" and self.ways("unsigned-served"):
                return self.image(key, headers)
            return self.refuse(403, "AccessDenied", ACL, "0003-00000001")
        if "authorization" in headers and not self.ways("authorization-accepted"):
            return self.refuse(400, "InvalidArgument", TWO_WAYS, "0002-00000039")
        if not signed.expires.isdecimal() or int(signed.expires) < time.time():
            return self.expired(signed.expires)
        signed_method = "GET" if method == "HEAD" and self.ways("head-served") else method
        if signed.access_key != self.access_key and not self.ways("any-key-id"):
            return self.refuse(403, "InvalidAccessKeyId", NO_KEY_ID, "0002-00000902")
        expected = self.sign(signed_method, signed.expires, key)
        if signed.signature != expected and not (method == "GET" and self.ways("tampered-served")):
            return self.refuse(403, "SignatureDoesNotMatch", MISMATCH, "0002-00000040")
        return self.image(key, headers)

    def signed(self, query: str) -> Signed | None:
        """What a query is signed with, None when something of it is missing."""
        given = dict(urllib.parse.parse_qsl(query))
        values = [given.get(name) for name in ("Expires", "OSSAccessKeyId", "Signature")]
        expires, access_key, signature = values
        return None if None in values else Signed(str(expires), str(access_key), str(signature))

    def image(self, key: str, headers: dict[str, str]) -> Answer:
        """The object, or the range of it that was asked for."""
        if key not in self.objects:
            return self.refuse(404, "NoSuchKey", "The specified key does not exist.", "0026-00000001")
        content = self.objects[key]
        md5 = hashlib.md5(content).digest()
        media_type = "application/octet-stream" if self.ways("octet-stream") else "image/jpeg"
        sent: tuple[tuple[str, str], ...] = (
            ("Server", "AliyunOSS"),
            ("Content-Type", media_type),
            ("x-oss-request-id", secrets.token_hex(12).upper()),
            ("Last-Modified", formatdate(self.made[key], usegmt=True)),
            ("Accept-Ranges", "bytes"),
        )
        if not self.ways("etag-missing"):
            sent = (*sent, ("ETag", f'"{md5.hex().upper()}"'))
        part = None if self.ways("range-ignored") else asked_range(headers.get("range", ""), len(content))
        if part is None and "range" in headers and self.ways("beyond-the-end-416"):
            return self.refuse(416, "InvalidRange", "The requested range cannot be satisfied.", "0017-00000501")
        if part is None:
            return Answer(200, (*sent, ("Content-MD5", base64.b64encode(md5).decode())), content)
        first, last = part
        sent = (*sent, ("Content-Range", f"bytes {first}-{last}/{len(content)}"))
        return Answer(206, sent, content[first : last + 1])

    def expired(self, expires: str) -> Answer:
        when = int(expires) if expires.isdecimal() and len(expires) < 12 else 0
        times = {"Expires": iso(when), "ServerTime": iso(int(time.time()))}
        return self.refuse(403, "AccessDenied", "Request has expired.", "0002-00000069", times)

    def refuse(self, status: int, code: str, message: str, ec: str, more: dict[str, str] | None = None) -> Answer:
        """An error as XML."""
        request = secrets.token_hex(12).upper()
        facts = (
            {"Code": code, "Message": message, "RequestId": request, "HostId": self.host} | (more or {}) | {"EC": ec}
        )
        lines = "".join(f"  <{name}>{escape(value)}</{name}>\n" for name, value in facts.items())
        body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n{lines}</Error>\n'.encode()
        headers = ("Server", "AliyunOSS"), ("Content-Type", "application/xml"), ("x-oss-request-id", request)
        return Answer(status, (*headers, ("x-oss-ec", ec)), body)


def iso(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(seconds))


def asked_range(header: str, length: int) -> tuple[int, int] | None:
    """First and last byte of the one range that a Range header asks for; None when it asks for none that is there."""
    parts = re.fullmatch(r"bytes=(\d*)-(\d*)", header)
    if parts is None or parts.groups() == ("", ""):
        return None
    if not parts[1]:
        first, last = max(0, length - int(parts[2])), length - 1
    else:
        first, last = int(parts[1]), min(int(parts[2] or length), length - 1)
    return (first, last) if first <= last else None
