"""What a user writes, and the adapter that is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract_tests.adapters.interface import AdapterError
from contract_tests.adapters.resolve import BUNDLED, resolve

NAMES = "'reference', 'requests-snippet', 'minimax-mcp', 'openai', 'openai-js', 'fal-client', 'fal-js'"
FORMS = (
    "or one of your own: 'module:factory', 'path/to/file.py:factory', 'stdio:COMMAND', "
    "'exec:COMMAND {prompt} {out_dir}'"
)


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        (
            "referense",
            f"unknown adapter 'referense'; did you mean 'reference'? valid: {NAMES}; {FORMS}",
        ),
        ("", f"unknown adapter ''; valid: {NAMES}; {FORMS}"),
        (
            "stdoi:node client.mjs",
            "unknown adapter 'stdoi:node client.mjs'; did you mean 'stdio'? valid: 'stdio', 'exec' before the colon",
        ),
        ("stdio:", "'stdio:' has no command"),
        ("exec: ", "'exec: ' has no command"),
        ("stdio:node 'client.mjs", 'cannot read the command of "stdio:node \'client.mjs": No closing quotation'),
        ("stdio:nodee client.mjs", "cannot start 'nodee client.mjs': there is no program 'nodee'"),
        (
            "exec:imagine {prompt} {out_dir}",
            "'exec:imagine {prompt} {out_dir}': there is no program 'imagine'",
        ),
        ("nowhere.py:create", "there is no file 'nowhere.py'"),
        ("json:detect", "'json' has no 'detect'; did you mean 'detect_encoding'? valid: 'JSONDecoder', "),
    ],
    ids=str,
)
def test_a_wrong_spec_is_refused_with_what_was_meant(spec: str, problem: str) -> None:
    with pytest.raises(AdapterError) as raised:
        resolve(spec)
    assert str(raised.value).startswith(problem)


def test_a_module_that_is_not_there_is_told_from_one_that_it_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "needs_more.py").write_text("import not_installed_anywhere", encoding="utf-8")
    with pytest.raises(AdapterError) as raised:
        resolve("needs_mor:create")
    assert str(raised.value) == f"there is no module 'needs_mor', neither in {tmp_path} nor installed"
    with pytest.raises(AdapterError) as raised:
        resolve("needs_more:create")
    assert str(raised.value) == (
        "cannot import 'needs_more': ModuleNotFoundError: No module named 'not_installed_anywhere'"
    )


def test_a_module_is_found_in_the_current_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [*__import__("sys").path])
    source = "class Maker:\n    @staticmethod\n    def create(base_url, api_key, timeout): return lambda request: []\n"
    (tmp_path / "found_here.py").write_text(source, encoding="utf-8")
    assert resolve("found_here:Maker.create").name == "found_here:Maker.create"


@pytest.mark.parametrize("source", ["raise SystemExit(3)", "1 / 0", "def broken("], ids=["exit", "error", "syntax"])
def test_a_file_that_cannot_be_imported_is_said_so(source: str, tmp_path: Path) -> None:
    file = tmp_path / "wrong.py"
    file.write_text(source, encoding="utf-8")
    with pytest.raises(AdapterError, match=r"^cannot import '.*': (SystemExit|ZeroDivisionError|SyntaxError): "):
        resolve(f"{file}:create")


def test_every_bundled_adapter_that_needs_nothing_else_resolves() -> None:
    for name in BUNDLED.keys() - {"minimax-mcp", "openai", "openai-js", "fal-client", "fal-js"}:
        found = resolve(name)
        assert (found.spec, found.name) == (name, name)
        found.close()
