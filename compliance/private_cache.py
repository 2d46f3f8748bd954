"""A folder for caches that only this user can write to."""

from __future__ import annotations

import os
import stat
from pathlib import Path

__all__ = ["cache_folder"]


def cache_folder() -> Path | None:
    """Return the cache folder, creating it with mode 0700, or ``None`` where there can be no private one.

    ``COMPLIANCE_CACHE_DIR`` names it; else ``$XDG_CACHE_HOME/compliance``, else ``~/.cache/compliance``.
    """
    named = os.environ.get("COMPLIANCE_CACHE_DIR")
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        folder = Path(named) if named else (Path(base) if base else Path.home() / ".cache") / "compliance"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except (OSError, RuntimeError):
        return None
    if hasattr(os, "getuid") and (status.st_uid != os.getuid() or stat.S_IMODE(status.st_mode) & 0o022):
        return None
    return folder if os.access(folder, os.W_OK) else None
