"""The HTTP service.

Nothing is imported before it is asked for: how workers count is decided by the environment at the first import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from compliance.serve.app import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    if name == "create_app":
        from compliance.serve.app import create_app  # noqa: PLC0415  see above

        return create_app
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
