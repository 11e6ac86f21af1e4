"""The programs that MiniMax documents, with nothing but the host changed."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from PIL import Image

from mock_server import inspect

pytestmark = pytest.mark.e2e
PROGRAMS = Path(__file__).parent / "programs"
HOST = "https://api.minimax.io"


def redirected(name: str, emulator: str) -> str:
    text = (PROGRAMS / name).read_text(encoding="utf-8")
    assert HOST in text
    return text.replace(HOST, emulator)


@pytest.mark.parametrize(("name", "references"), [("guide_text.py", 0), ("guide_reference.py", 1)])
def test_a_python_program_of_the_guide_leaves_its_image(
    emulator: str, tmp_path: Path, name: str, references: int
) -> None:
    program = tmp_path / name
    program.write_text(redirected(name, emulator), encoding="utf-8")
    env = os.environ | {"MINIMAX_API_KEY": "sk-api-guide", "NO_PROXY": "*"}
    subprocess.run([sys.executable, program], cwd=tmp_path, env=env, check=True, timeout=60)
    (output,) = sorted(tmp_path.glob("output-*.jpeg"))
    with Image.open(output) as image:
        image.load()
        assert (image.format, image.size) == ("JPEG", (1280, 720))
    facts = inspect(output.read_bytes())
    assert facts.prompt in program.read_text(encoding="utf-8")
    assert len(facts.references) == references


def test_the_curl_example_of_the_reference_leaves_its_images(emulator: str, tmp_path: Path) -> None:
    command = redirected("image_to_image.sh", emulator)
    command = command.replace("<token>", "sk-api-curl").replace("<content-type>", "application/json")
    result = subprocess.run(["bash", "-euc", command], capture_output=True, text=True, check=True, timeout=60)
    answer = json.loads(result.stdout)
    assert answer["metadata"] == {"failed_count": "0", "success_count": "2"}
    for index, url in enumerate(answer["data"]["image_urls"]):
        file = tmp_path / f"{index}.jpeg"
        subprocess.run(["curl", "-sf", "-o", file, url], check=True, timeout=60)
        facts = inspect(file.read_bytes())
        assert (facts.width, facts.height, facts.index) == (1280, 720, index)
        assert facts.references[0].label == "cdn.hailuoai.com"


def test_base64_survives_the_shell(emulator: str, tmp_path: Path) -> None:
    body = '{"model":"image-01","prompt":"水墨山水，远处有一座灯塔","response_format":"base64","seed":3}'
    command = ["curl", "-s", f"{emulator}/v1/image_generation", "-H", "Authorization: Bearer k"]
    command += ["-H", "Content-Type: application/json", "-d", body]
    answer = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
    facts = inspect(base64.b64decode(answer["data"]["image_base64"][0]))
    assert (facts.prompt, facts.seed) == ("水墨山水，远处有一座灯塔", 3)


def test_the_line_that_serve_prints_can_be_pasted(emulator: str) -> None:
    from mock_server.serving import TRY

    pasted = subprocess.run(["bash", "-euc", TRY.format(url=emulator)], capture_output=True, check=True, timeout=60)
    url = json.loads(pasted.stdout)["data"]["image_urls"][0]
    assert httpx.get(url, trust_env=False).headers["content-type"] == "image/jpeg"
