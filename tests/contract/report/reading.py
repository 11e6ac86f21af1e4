"""A page as a browser without scripts takes it: elements, their attributes, and text."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise

VOID = {"meta"}
TAGS = {
    "html", "head", "meta", "title", "style", "body", "a", "header", "main", "footer", "section", "article", "div",
    "span", "h1", "h2", "h3", "h4", "h5", "p", "strong", "code", "pre", "dl", "dt", "dd", "time", "svg", "rect",
    "details", "summary", "table", "caption", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "href", "class", "id", "dir", "tabindex", "role", "aria-label",
    "aria-labelledby", "aria-hidden", "open", "scope", "colspan", "datetime", "x", "width", "height",
}  # fmt: skip


class Page(HTMLParser):
    """What was read; text that is shown, without the style sheet."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.style = ""
        self._open: list[str] = []
        self.feed(source)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        assert len(attrs) == len(dict(attrs)), tag
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["style"]:
            self.style += data
        else:
            self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def values(self, name: str) -> list[str]:
        """What an attribute is set to, everywhere."""
        return [attributes[name] for _, attributes in self.elements if name in attributes]


def check(page: Page) -> None:
    """Nothing from outside, nothing that runs, no element or attribute but those of the report; links that lead."""
    assert {tag for tag, _ in page.elements} <= TAGS
    assert {name for _, attributes in page.elements for name in attributes} <= ATTRIBUTES
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert not any(set(name) & set(" \t\n") for name in ids)
    assert {link.removeprefix("#") for link in page.values("href")} <= set(ids)
    assert set(page.values("aria-labelledby")) <= set(ids)
    assert all(link.startswith("#") for link in page.values("href"))
    assert "url(" not in page.style
    assert "@import" not in page.style
    levels = [int(tag[1]) for tag, _ in page.elements if tag in {"h1", "h2", "h3", "h4", "h5"}]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
