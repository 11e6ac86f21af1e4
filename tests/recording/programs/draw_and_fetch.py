"""A client whose host is a constant: it asks for two images, one that is refused, and downloads what it got."""

import os

import requests

URL = "https://api.minimax.io/v1/image_generation"
KEY = os.environ["MINIMAX_API_KEY"]
HEADERS = {"Authorization": f"Bearer {KEY}"}

for fields in ({"n": 2}, {"n": 10}):
    body = {"model": "image-01", "prompt": f"a lighthouse called {KEY}", **fields}
    answer = requests.post(URL + "?GroupId=2024530792255857454", json=body, headers=HEADERS, timeout=30).json()
    print(answer["base_resp"]["status_code"])
    for url in answer.get("data", {}).get("image_urls", []):
        print(url.partition("?")[0], len(requests.get(url, timeout=30).content))
