"""HTML as elements: what is put into one is text, so that nothing a client says can become markup."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias
from xml.etree import ElementTree as ET

from contract_tests.report.legible import legible

Child: TypeAlias = "ET.Element | str | Iterable[Child] | None"
STYLE = Path(__file__).with_name("report.css")

_ON_A_LINE = {"h1", "h2", "h3", "h4", "p", "section", "article", "table", "tbody", "tr", "dt", "dd", "li", "details"}


def element(tag: str, *children: Child, **attributes: str | bool) -> ET.Element:
    """An element. ``class_`` is the attribute ``class``, ``aria_label`` is ``aria-label``; False leaves one out."""
    made = ET.Element(tag)
    for name, value in attributes.items():
        if value is not False:
            made.set(name.rstrip("_").replace("_", "-"), "" if value is True else legible(value))
    if tag in _ON_A_LINE:
        made.tail = "\n"
    _put(made, children)
    return made


def _put(parent: ET.Element, child: Child) -> None:
    if isinstance(child, ET.Element):
        parent.append(child)
    elif isinstance(child, str):
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + legible(child)
        else:
            parent.text = (parent.text or "") + legible(child)
    elif child is not None:
        for item in child:
            _put(parent, item)


def document(title: str, *body: Child) -> str:
    """A whole page. It may load nothing, run nothing and send nothing; its one style sheet is inside."""
    style = STYLE.read_text(encoding="utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
    )
    sheet = ET.SubElement(head, "style")
    sheet.text = style
    page = element("html", head, element("body", *body), lang="en")
    return f"<!doctype html>\n{ET.tostring(page, encoding='unicode', method='html')}\n"
