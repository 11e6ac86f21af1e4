"""A client that takes its host from MINIMAX_API_HOST: base64, with a data URL as reference; the status it was told."""

import base64
import io
import json
import os
import sys
from urllib.request import Request, urlopen

from PIL import Image

drawn = io.BytesIO()
Image.new("RGB", (512, 640), "white").save(drawn, "PNG")
face = "data:image/png;base64," + base64.b64encode(drawn.getvalue()).decode()
body = {
    "model": "image-01",
    "prompt": "a lighthouse at dawn",
    "response_format": "base64",
    "n": int(sys.argv[1]),
    "subject_reference": [{"type": "character", "image_file": face}],
}
headers = {"Authorization": f"Bearer {os.environ['MINIMAX_API_KEY']}", "Content-Type": "application/json"}
url = os.environ["MINIMAX_API_HOST"] + "/v1/image_generation"
answer = json.load(urlopen(Request(url, json.dumps(body).encode(), headers)))
print(answer["base_resp"]["status_code"])
sys.exit(3)
