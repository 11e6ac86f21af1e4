"""Makes an image and downloads it with one library; the host is a constant, and nothing is configured."""

import asyncio
import json
import sys
import urllib.request

URL = "https://api.minimax.io/v1/image_generation"
BODY = {"model": "image-01", "prompt": "a lighthouse at dawn"}
HEADERS = {"Authorization": "Bearer sk-api-of-the-program", "Content-Type": "application/json"}


def with_urllib():
    request = urllib.request.Request(URL, json.dumps(BODY).encode(), HEADERS)
    with urllib.request.urlopen(request) as answer:
        url = json.load(answer)["data"]["image_urls"][0]
    with urllib.request.urlopen(url) as answer:
        return answer.read()


def with_requests():
    import requests

    with requests.Session() as session:
        url = session.post(URL, json=BODY, headers=HEADERS).json()["data"]["image_urls"][0]
        return session.get(url).content


def with_httpx():
    import httpx

    with httpx.Client() as client:
        url = client.post(URL, json=BODY, headers=HEADERS).json()["data"]["image_urls"][0]
        return client.get(url).content


async def httpx_in_tasks():
    import httpx

    async with httpx.AsyncClient() as client:
        answer = await client.post(URL, json=BODY, headers=HEADERS)
        return (await client.get(answer.json()["data"]["image_urls"][0])).content


async def with_aiohttp():
    import aiohttp

    async with aiohttp.ClientSession() as session:
        async with session.post(URL, json=BODY, headers=HEADERS) as answer:
            url = (await answer.json())["data"]["image_urls"][0]
        async with session.get(url) as answer:
            return await answer.read()


def on_uvloop():
    import uvloop

    async def both():
        return await with_aiohttp() and await httpx_in_tasks()

    return uvloop.run(both())


WAYS = {
    "urllib": with_urllib,
    "requests": with_requests,
    "httpx": with_httpx,
    "httpx-async": lambda: asyncio.run(httpx_in_tasks()),
    "aiohttp": lambda: asyncio.run(with_aiohttp()),
    "uvloop": on_uvloop,
}

if __name__ == "__main__":
    for name in sys.argv[1:]:
        image = WAYS[name]()
        print(name, image[:2].hex(), len(image) > 10_000)
