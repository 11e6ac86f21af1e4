"""A client as careful ones are: a constant https host, and no image from an address that is not public.

With `--resolve` it looks the names up as well, before every download.
"""

import ipaddress
import json
import socket
import sys
import urllib.parse
import urllib.request

URL = "https://api.minimaxi.com/v1/image_generation"


def addresses(host):
    try:
        return [ipaddress.ip_address(host)]
    except ValueError:
        if "--resolve" not in sys.argv:
            return []
    return [ipaddress.ip_address(found[4][0]) for found in socket.getaddrinfo(host, 443)]


def download(url):
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "https" or parts.port is not None or parts.hostname == "localhost":
        sys.exit(f"will not fetch {url}")
    if not all(address.is_global for address in addresses(parts.hostname)):
        sys.exit(f"private address: {url}")
    with urllib.request.urlopen(url) as answer:
        return answer.read()


body = json.dumps({"model": "image-01", "prompt": "x"}).encode()
headers = {"Authorization": "Bearer sk-api-of-the-program", "Content-Type": "application/json"}
with urllib.request.urlopen(urllib.request.Request(URL, body, headers)) as answer:
    url = json.load(answer)["data"]["image_urls"][0]
print(download(url)[:2].hex())
