"""The renderer: determinism, sizes, caches, and that the fast way shows the same picture as the plain one."""

from __future__ import annotations

import subprocess
import sys
import threading
from hashlib import sha256

import pytest
from hypothesis import given, settings

from mock_server.core.types import Picture, Reference, Style
from mock_server.render import Renderer, inspect, render_plain
from tests.render.pictures import PROMPTS, SIZES, decode, difference, make_picture, pictures, png

IN_A_PROCESS = """
import hashlib
from mock_server.core.types import Picture, Reference, Style
from mock_server.render import Renderer
pictures = [
    Picture("image-01", "a fox 狐狸 🦊", 1280, 720, -5, 2, aigc_watermark=True),
    Picture("image-01-live", "a fox", 864, 1152, 5, 0, style=Style("水彩", 0.8)),
    Picture("image-01", "a fox", 512, 512, 5, 0, references=(Reference("host", "ab" * 32),)),
]
print([hashlib.sha256(Renderer().render(picture)).hexdigest() for picture in pictures])
"""


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def test_a_process_with_another_hash_seed_renders_the_same_bytes() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", IN_A_PROCESS],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_importing_the_package_does_not_import_pillow() -> None:
    code = "import sys, mock_server.render; mock_server.render.Renderer(); sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
@pytest.mark.parametrize("watermark", [False, True], ids=["bare", "watermark"])
def test_every_documented_size_is_exact_and_both_ways_agree(
    renderer: Renderer, size: tuple[int, int], watermark: bool
) -> None:
    picture = make_picture(size=size, aigc_watermark=watermark)
    data = renderer.render(picture)
    assert decode(data).size == size
    mean, most = difference(data, render_plain(picture))
    assert mean < 0.2
    assert most <= 6


@settings(max_examples=40, deadline=None)
@given(picture=pictures)
def test_any_picture_is_exact_and_both_ways_agree(picture: Picture) -> None:
    data = Renderer().render(picture)
    assert decode(data).size == (picture.width, picture.height)
    mean, most = difference(data, render_plain(picture))
    assert mean < 0.5
    assert most <= 12


@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS)
def test_a_warm_renderer_gives_the_bytes_of_a_fresh_one(renderer: Renderer, prompt: str) -> None:
    picture = make_picture(prompt, seed=3)
    renderer.render(make_picture("another", seed=3))
    renderer.render(picture, keep=False)
    assert renderer.quick(picture, keep=False) == Renderer().render(picture)


def test_quick_gives_nothing_before_the_size_is_warm_and_a_picture_after(renderer: Renderer) -> None:
    fresh = Renderer()
    picture = make_picture(seed=1)
    assert fresh.quick(picture) is None
    assert fresh.cached(picture) is None
    fresh.render(make_picture("another prompt", seed=1), keep=False)
    data = fresh.quick(picture)
    assert data == renderer.render(picture)
    assert fresh.cached(picture) == data


def test_quick_draws_no_more_than_a_few_unknown_characters() -> None:
    fresh = Renderer()
    fresh.render(make_picture(seed=1))
    assert fresh.quick(make_picture("狐狸", seed=1)) is not None
    assert fresh.quick(make_picture(PROMPTS["chinese"], seed=1)) is None


def test_what_is_not_kept_is_not_cached(renderer: Renderer) -> None:
    picture = make_picture("not kept")
    renderer.render(picture, keep=False)
    assert renderer.cached(picture) is None
    assert renderer.quick(picture, keep=False) is not None
    assert renderer.cached(picture) is None


def test_the_cache_stays_within_its_bytes() -> None:
    small = Renderer(cache_bytes=60_000)
    kept = [make_picture(size=(512, 512), index=index) for index in range(9)]
    for picture in kept:
        small.render(picture)
    held = [data for picture in kept if (data := small.cached(picture)) is not None]
    assert 1 < len(held) < 9
    assert sum(map(len, held)) <= 60_000
    assert small.cached(kept[-1]) is not None


def test_clear_forgets_files_and_warmth() -> None:
    renderer = Renderer()
    picture = make_picture(size=(512, 512))
    data = renderer.render(picture)
    renderer.clear()
    assert renderer.quick(picture) is None
    assert renderer.render(picture) == data


def test_threads_that_share_a_renderer_get_the_right_pictures(renderer: Renderer) -> None:
    wanted = [make_picture(prompt, size=(512 + 8 * number, 512)) for number, prompt in enumerate(PROMPTS.values())]
    found: dict[Picture, bytes] = {}
    shared = Renderer()

    def work() -> None:
        for picture in wanted:
            found[picture] = shared.render(picture, keep=False)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {picture: renderer.render(picture) for picture in wanted}


def test_seed_and_index_change_the_picture_and_the_palette(renderer: Renderer) -> None:
    digests = {sha256(renderer.render(make_picture(size=(512, 512), index=index))).digest() for index in range(9)}
    skies = {decode(renderer.render(make_picture(size=(512, 512), seed=seed))).getpixel((5, 5)) for seed in range(40)}
    assert len(digests) == 9
    assert len(skies) > 12


def test_references_are_drawn_and_change_nothing_below_them(renderer: Renderer) -> None:
    bare = decode(renderer.render(make_picture()))
    references = (Reference("data URL", "ab" * 32, 99, png()), Reference("cdn.example.com", "cd" * 32))
    shown = decode(renderer.render(make_picture(references=references)))
    assert shown.crop((0, 400, 1024, 900)).tobytes() == bare.crop((0, 400, 1024, 900)).tobytes()
    red, green, blue = shown.getpixel((16 + 8 + 60, 16 + 8 + 40))
    assert (red > 220, 140 < green < 190, blue < 40) == (True, True, True)


def test_an_unreadable_or_missing_thumbnail_leaves_a_card_with_text(renderer: Renderer) -> None:
    references = tuple(Reference(f"host{number}.example", f"{number:064x}", 5, b"broken") for number in range(30))
    data = renderer.render(make_picture("长" * 1500, size=(512, 512), references=references))
    assert len(inspect(data).references) == 30
    assert decode(data).getpixel((20, 20)) > (200, 200, 200)


def test_style_and_optimizer_are_in_the_caption(renderer: Renderer) -> None:
    bare, styled = (
        decode(renderer.render(make_picture(style=style, prompt_optimizer=style is not None)))
        for style in (None, Style("水彩", 0.8))
    )
    below = (0, 980, 1024, 1016)
    assert bare.crop(below).tobytes() != styled.crop(below).tobytes()


def test_sizes_beyond_the_documented_ones_are_rendered_too(renderer: Renderer) -> None:
    for size in ((500, 333), (64, 64), (1, 1), (8, 2000)):
        assert decode(renderer.render(make_picture(size=size), keep=False)).size == size


def test_more_characters_than_are_kept_are_drawn_all_the_same() -> None:
    prompt = "".join(map(chr, range(0x4E00, 0x4E00 + 1600)))
    picture = make_picture(prompt, size=(1024, 2048))
    shared = Renderer()
    shared.render(picture, keep=False)
    data = shared.render(picture, keep=False)
    assert data == Renderer().render(picture)
    assert difference(data, render_plain(picture))[0] < 0.5
