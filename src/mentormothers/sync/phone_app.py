"""Hands out the built phone app below /phone/, and nothing else that lies on this machine.

What a service worker compares on every start (the page, the worker, the manifest) is asked for anew each time;
files whose name changes with their content are kept for a year. Text goes out packed: on a slow line that is the
difference between ten seconds and half a minute.
"""

import gzip
from email.utils import formatdate
from functools import lru_cache
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

import mentormothers

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_PACKED = {".css", ".html", ".js", ".json", ".mjs", ".svg", ".wasm", ".webmanifest"}
_HASHED = "assets/"  # Vite writes the hash of their content into the names of these
_A_YEAR = "public, max-age=31536000, immutable"
_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Daybook</title>
<meta name="viewport" content="width=device-width">
<h1>The phone app is not built yet</h1>
<p>Whoever runs this server can build it with <code>script/setup</code>. Nothing on any phone is affected.</p></html>
"""


@require_safe
def phone_file(request: HttpRequest, name: str = "index.html") -> HttpResponse:
    """A file of the app."""
    folder = mentormothers.PHONE_APP.resolve()
    if not (folder / "index.html").is_file():
        return HttpResponse(_NOT_BUILT, status=503, headers={"Cache-Control": "no-store"})
    path = _inside(folder, name)
    headers = _headers(path, path.relative_to(folder).as_posix())
    unchanged = get_conditional_response(request, etag=headers["ETag"])
    if unchanged is not None:
        return unchanged if isinstance(unchanged, HttpResponse) else HttpResponse(status=304)
    return _answer(request, path, headers)


def _inside(folder: Path, name: str) -> Path:
    """The file of this name. Nothing above the folder, nothing hidden."""
    if "\x00" in name or any(part.startswith(".") for part in name.split("/")):
        raise Http404
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or not path.is_file() or path.suffix not in _TYPES:
        raise Http404
    return path


def _headers(path: Path, name: str) -> dict[str, str]:
    known = path.stat()
    return {
        "Content-Type": _TYPES[path.suffix],
        "Cache-Control": _A_YEAR if name.startswith(_HASHED) else "no-cache",
        "ETag": f'"{known.st_mtime_ns:x}-{known.st_size:x}"',
        "Last-Modified": formatdate(known.st_mtime, usegmt=True),
    }


def _answer(request: HttpRequest, path: Path, headers: dict[str, str]) -> HttpResponse:
    packed = path.suffix in _PACKED and "gzip" in request.headers.get("Accept-Encoding", "")
    content = _gzipped(path, path.stat().st_mtime_ns) if packed else path.read_bytes()
    response = HttpResponse(content, headers=headers)
    if packed:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@lru_cache(maxsize=64)
def _gzipped(path: Path, changed: int) -> bytes:  # noqa: ARG001  # a changed file is another entry
    return gzip.compress(path.read_bytes(), mtime=0)
