"""Headers that keep a browser from doing harm, and logs without what people typed."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

_POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


class SafeHeaders:
    """Content security, no framing, no referrer to others, no shared caches for pages that hold people."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the headers set."""
        response = self._get_response(request)
        response.headers.setdefault("Content-Security-Policy", "; ".join(f"{k} {v}" for k, v in _POLICY.items()))
        # With `no-referrer` browsers send forms with the origin `null`, which is then refused as forged.
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(self), geolocation=(), microphone=(), interest-cohort=()"
        )
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        if not request.path.startswith(("/static/", "/phone/")):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class WithoutQueryStrings(logging.Filter):
    """Cuts what follows a question mark from paths, since a search may be a name."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the line, without query strings."""
        if isinstance(record.args, tuple):
            record.args = tuple(a.partition("?")[0] if isinstance(a, str) else a for a in record.args)
        return True
