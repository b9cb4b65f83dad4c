"""What every answer tells the browser to refuse, and how cookies and CSRF tokens are kept."""

from datetime import timedelta

from flask import Flask, request
from flask_wtf import CSRFProtect
from werkzeug.wrappers import Response

from engine.settings import Settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
STUDIO_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
    "font-src 'self'", "font-src 'self' data:"
)
"""For the pages of the editors alone, which set styles on what they draw and bring their icons as data."""
FILE_POLICY = "default-src 'none'; sandbox"
FORM_FIELDS_LIMIT = 20_000
REQUEST_FILES = 5


def prepare(app: Flask, settings: Settings) -> None:
    """Configure cookies, size limits, CSRF tokens and security headers."""
    configured: dict[str, object] = {
        "SECRET_KEY": settings.secret_key,
        "SESSION_COOKIE_NAME": "__Host-session" if settings.secure_cookies else "session",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "UPLOAD_LIMIT_BYTES": settings.upload_limit_bytes,
        "MAX_CONTENT_LENGTH": settings.upload_limit_bytes * REQUEST_FILES,
        "MAX_FORM_MEMORY_SIZE": 5_000_000,
        "MAX_FORM_PARTS": FORM_FIELDS_LIMIT,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": settings.secure_cookies,
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=365),
    }
    app.config.from_mapping(configured)
    # The secret in its address is what an attacker lacks, and no-referrer leaves nothing else to check.
    CSRFProtect(app).exempt("web.directive_receipt.confirm")  # pyright: ignore[reportUnknownMemberType]  # untyped
    app.after_request(_harden)


def _harden(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Referrer-Policy", "same-origin")
    headers["X-Frame-Options"] = "DENY"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store")
    return response
