"""The dashboard: its files, as they are in the folder beside this module."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response

from mock_server.admin.queries import AdminError

FOLDER = Path(__file__).parent / "dashboard"
INDEX = "index.html"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


def pages() -> APIRouter:
    """``/_mock/`` and the files that it needs, under ``/_mock/dashboard/``."""
    files = {file.name: file.read_bytes() for file in FOLDER.iterdir() if file.suffix in _TYPES}
    router = APIRouter(include_in_schema=False)

    def served(name: str, request: Request) -> Response:
        """One file; a browser asks each time whether its copy is still the same, since names are not versions."""
        if name not in files:
            raise AdminError(f"the dashboard has no file {name!r}", status=404)
        tag = f'"{sha256(files[name]).hexdigest()[:32]}"'
        headers = {"etag": tag, "cache-control": "no-cache"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(files[name], media_type=_TYPES[Path(name).suffix], headers=headers)

    @router.api_route("", methods=["GET", "HEAD"])
    async def folder() -> Response:
        return Response(status_code=307, headers={"location": "_mock/", "cache-control": "no-cache"})

    @router.api_route("/", methods=["GET", "HEAD"])
    async def index(request: Request) -> Response:
        return served(INDEX, request)

    @router.api_route("/dashboard/{name}", methods=["GET", "HEAD"])
    async def file(name: str, request: Request) -> Response:
        return served(name, request)

    return router
