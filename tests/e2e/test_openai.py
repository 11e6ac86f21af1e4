"""OpenAI's own SDKs, as published, and the gateway's own examples against the OpenAI-compatible face."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract_tests.strategies import png
from mock_server import MockAccount, inspect
from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.e2e
PROGRAMS = Path(__file__).parent / "programs"
PYTHON = ROOT / ".venv-clients" / "bin" / "python"
MODEL = "minimax/minimax-image-01-subject-reference"
HOST = "https://api.aigateway.sh/v1"


class Sdk:
    """One SDK; each call is a process of its own."""

    def __init__(self, name: str, account: MockAccount) -> None:
        self.name = name
        self.account = account

    def __call__(self, call: str, *positional: str, **arguments: Any) -> dict[str, Any]:
        asked = json.dumps({"call": call, "with": arguments, "positional": positional})
        program = PROGRAMS / {"python": "call_openai.py", "node": "call_openai.mjs"}[self.name]
        runner = str(PYTHON) if self.name == "python" else shutil.which("node")
        assert runner, "apt-get install nodejs"
        place = {"OPENAI_BASE_URL": self.account.base_url("openai"), "OPENAI_API_KEY": self.account.api_key}
        result = subprocess.run(
            [runner, program, asked],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            cwd=ROOT / "tests" / "e2e",
            env=os.environ | place | {"NO_PROXY": "*"},
        )
        assert result.returncode == 0, f"{result.stderr} (make e2e installs the clients)"
        said: dict[str, Any] = json.loads(result.stdout)
        return said

    @property
    def attempts(self) -> list[dict[str, Any]]:
        return [item for item in self.account.journal() if item["endpoint"] == "generate"]

    @property
    def pauses(self) -> list[float]:
        """Seconds between the end of an attempt and the next one."""
        return [after["at"] - before["at"] - before["duration_ms"] / 1000 for before, after in pairwise(self.attempts)]


@pytest.fixture(params=["python", "node"])
def sdk(request: pytest.FixtureRequest, minimax_mock: MockAccount) -> Sdk:
    return Sdk(request.param, minimax_mock)


def test_urls(sdk: Sdk) -> None:
    said = sdk("images.generate", model=MODEL, prompt="a cyberpunk cat", size="1792x1024", n=2)
    for index, item in enumerate(said["ok"]["data"]):
        facts = inspect(httpx.get(item["url"], trust_env=False).content)
        assert (facts.prompt, facts.width, facts.height, facts.index) == ("a cyberpunk cat", 1280, 720, index)
    assert said["request_id"].startswith("req_")
    assert sdk.account.verdict()["findings"] == []


def test_base64_with_extra_fields(sdk: Sdk) -> None:
    extra = {"seed": 42, "aspect_ratio": "21:9", "image_url": "https://example.com/face.png"}
    said = sdk("images.generate", model=MODEL, prompt="a cat", response_format="b64_json", extra_body=extra)
    facts = inspect(base64.b64decode(said["ok"]["data"][0]["b64_json"]))
    assert (facts.seed, facts.width, facts.references[0].label) == (42, 1344, "example.com")


def test_edits(sdk: Sdk, tmp_path: Path) -> None:
    (tmp_path / "face.png").write_bytes(png(64, 64))
    said = sdk("images.edit", model=MODEL, prompt="with a hat", image=str(tmp_path / "face.png"), size="1024x1536")
    facts = inspect(httpx.get(said["ok"]["data"][0]["url"], trust_env=False).content)
    assert (facts.prompt, facts.width, len(facts.references)) == ("with a hat", 832, 1)


def test_models(sdk: Sdk) -> None:
    assert MODEL in [item["id"] for item in sdk("models.list")["ok"]["data"]]
    assert sdk("models.retrieve", MODEL)["ok"]["id"] == MODEL


@pytest.mark.parametrize(
    ("code", "status", "names", "attempts"),
    [
        (2013, 400, {"BadRequestError"}, 1),
        (1026, 400, {"BadRequestError"}, 1),
        (1004, 401, {"AuthenticationError"}, 1),
        (1008, 402, {"APIStatusError", "APIError"}, 1),
        (2061, 403, {"PermissionDeniedError"}, 1),
        (1002, 429, {"RateLimitError"}, 3),
        (1033, 500, {"InternalServerError"}, 3),
        (1041, 503, {"InternalServerError"}, 3),
    ],
)
def test_every_error_class(sdk: Sdk, code: int, status: int, names: set[str], attempts: int) -> None:
    sdk.account.scenario(str(code))
    said = sdk("images.generate", model=MODEL, prompt="x")
    assert (said["class"] in names, said["status_code"]) == (True, status), said
    assert str(said["code"]) == str(status)
    assert said["type"]
    assert said["request_id"].startswith("req_")
    assert len(sdk.attempts) == attempts
    counts = [dict(item["request"]["headers"])["x-stainless-retry-count"] for item in sdk.attempts]
    assert counts == [str(number) for number in range(attempts)]
    lowest = [0.95, 0.95] if status == 429 else [0.3, 0.6]
    assert all(low <= seen < 8 for low, seen in zip(lowest, sdk.pauses, strict=False)), sdk.pauses
    assert not [item for item in sdk.account.verdict()["findings"] if item["level"] == "MUST"]


def test_not_found(sdk: Sdk) -> None:
    said = sdk("images.generate", model="openai/gpt-image-1", prompt="x")
    assert (said["class"], said["status_code"], said["type"]) == ("NotFoundError", 404, "not_found")
    assert "openai/gpt-image-1" in said["message"]
    assert sdk("models.retrieve", "none/such")["class"] == "NotFoundError"


def test_a_bad_parameter_is_told_with_its_name(sdk: Sdk) -> None:
    said = sdk("images.generate", model=MODEL, prompt="x", n=10)
    assert (said["class"], said["param"]) == ("BadRequestError", "n")
    assert "between 1 and 9" in said["message"]


def test_an_image_that_is_too_large(sdk: Sdk, tmp_path: Path) -> None:
    (tmp_path / "face.png").write_bytes(png(8, 8) + b"\0" * (25 * 1024 * 1024))
    said = sdk("images.edit", model=MODEL, prompt="x", image=str(tmp_path / "face.png"))
    assert (said["status_code"], "25 MB" in said["message"]) == (413, True), said


def test_retry_after_is_waited_for_and_then_it_works(sdk: Sdk) -> None:
    sdk.account.scenario("1002x1")
    assert "ok" in sdk("images.generate", model=MODEL, prompt="x")
    assert [item["status"] for item in sdk.attempts] == [429, 200]
    assert 0.95 <= sdk.pauses[0] < 3
    assert sdk.account.verdict()["findings"] == []


@pytest.mark.minimax_mock(profile="gateway-should-retry")
@pytest.mark.parametrize(("code", "attempts"), [(1033, 3), (2056, 1)])
def test_should_retry_is_obeyed(sdk: Sdk, code: int, attempts: int) -> None:
    sdk.account.scenario(str(code))
    assert sdk("images.generate", model=MODEL, prompt="x")["class"] == "InternalServerError"
    assert len(sdk.attempts) == attempts
    assert not [item for item in sdk.account.verdict()["findings"] if item["rule"] == "ignored-should-retry"]


def test_the_gateways_quickstart(minimax_mock: MockAccount, tmp_path: Path) -> None:
    text = (PROGRAMS / "gateway_quickstart.py").read_text(encoding="utf-8")
    assert HOST in text
    program = tmp_path / "quickstart.py"
    changed = text.replace(HOST, minimax_mock.base_url("openai")).replace("sk-aig-...", minimax_mock.api_key)
    program.write_text(changed, encoding="utf-8")
    env = os.environ | {"NO_PROXY": "*"}
    result = subprocess.run([PYTHON, program], capture_output=True, text=True, timeout=60, check=True, env=env)
    facts = inspect(httpx.get(result.stdout.strip(), trust_env=False).content)
    assert (facts.prompt, facts.width, facts.height) == ("a cyberpunk cat at sunset", 1024, 1024)


def test_the_example_of_the_documentation(minimax_mock: MockAccount) -> None:
    page = (ROOT / "docs" / "openai.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    changed = code.replace("http://127.0.0.1:8484/openai/v1", minimax_mock.base_url("openai"))
    assert changed != code
    command = [PYTHON, "-c", changed]
    env = os.environ | {"NO_PROXY": "*"}
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, env=env)
    assert httpx.get(result.stdout.strip(), trust_env=False).headers["content-type"] == "image/jpeg"


def test_the_gateways_curl(minimax_mock: MockAccount) -> None:
    text = (PROGRAMS / "gateway_curl.sh").read_text(encoding="utf-8")
    assert HOST in text
    env = os.environ | {"AIGATEWAY_API_KEY": minimax_mock.api_key, "no_proxy": "*"}
    command = ["bash", "-euc", text.replace(HOST, minimax_mock.base_url("openai"))]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, env=env)
    facts = inspect(httpx.get(json.loads(result.stdout)["data"][0]["url"], trust_env=False).content)
    assert facts.prompt == "a serene cyberpunk city at dusk"
