"""The log of requests in production, without the addresses that are secrets."""

from collections.abc import Mapping
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]  # ships no types

from web.log_lines import without_secrets


class AccessLogger(Logger):  # type: ignore[misc]  # untyped base
    """Writes a line per request, as gunicorn does."""

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> Any:  # noqa: ANN401  # gunicorn's
        """Return the parts of a line."""
        parts: Mapping[str, object] = super().atoms(resp, req, environ, request_time)
        return {
            name: without_secrets(part) if isinstance(part, str) else part for name, part in parts.items()
        }
