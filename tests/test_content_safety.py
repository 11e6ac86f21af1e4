"""Content safety on demand: magic prompts and plain words."""

from __future__ import annotations

import pytest

from mock_server import MockAccount
from mock_server.core.safety import WORDS, judge
from tests.wire import Generate

EFFECTS = {
    "input": (1026, "input new_sensitive"),
    "output": (1027, "output new_sensitive"),
    "partial": (0, "success"),
    "all": (0, "success"),
}
IMAGES = {"input": 0, "output": 0, "partial": 2, "all": 0}


MAGIC_PROMPTS = {"1026": "input", "1027": "output", "partial-failure": "partial", "all-blocked": "all"}


@pytest.mark.parametrize("name", MAGIC_PROMPTS)
def test_a_magic_prompt_blocks_what_it_says(generate: Generate, account: MockAccount, name: str) -> None:
    answer = generate(prompt=f"a cat [[mock:{name}]] on a mat", n=3).json()
    verdict = MAGIC_PROMPTS[name]
    status = answer["base_resp"]
    assert (status["status_code"], status["status_msg"]) == EFFECTS[verdict]
    assert account.describe()["images"] == IMAGES[verdict]
    if status["status_code"] == 0:
        made = IMAGES[verdict]
        assert answer["metadata"] == {"failed_count": str(3 - made), "success_count": str(made)}
        assert len(answer["data"]["image_urls"]) == made


@pytest.mark.parametrize("word", WORDS)
def test_a_plain_word_does_the_same(generate: Generate, account: MockAccount, word: str) -> None:
    answer = generate(prompt=f"photo, {word.upper()}, at dawn", n=3).json()
    assert answer["base_resp"]["status_code"] == EFFECTS[WORDS[word]][0]
    assert account.describe()["images"] == IMAGES[WORDS[word]]


@pytest.mark.parametrize("prompt", ["Allegory of spring", "a denuded hill", "mock:1026", "[[mock]]", "[mock:1026]"])
def test_a_word_within_another_blocks_nothing(prompt: str) -> None:
    assert judge(prompt) == "pass"


def test_a_magic_prompt_that_does_not_exist_is_told_with_the_nearest(generate: Generate) -> None:
    answer = generate(prompt="[[mock:partal-failure]]").json()
    assert answer["base_resp"]["status_code"] == 2013
    assert "no scenario 'partal-failure'; did you mean 'partial-failure'?" in answer["base_resp"]["status_msg"]


def test_one_image_of_one_is_all(generate: Generate) -> None:
    answer = generate(prompt="[[mock:partial-failure]]").json()
    assert answer["metadata"] == {"failed_count": "1", "success_count": "0"}
    assert answer["data"] == {"image_urls": []}


def test_base64_answers_lose_images_too(generate: Generate) -> None:
    answer = generate(prompt="[[mock:partial-failure]]", n=2, response_format="base64").json()
    assert len(answer["data"]["image_base64"]) == 1
