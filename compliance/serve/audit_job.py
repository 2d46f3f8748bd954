"""One audit in a process of its own, nicer than the service and with bounded memory.

Run as ``python -m compliance.serve.audit_job FOLDER``; ``job.json`` in the folder says what to do.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from compliance.errors import ComplianceError
from compliance.profile import load_profile
from compliance.serve.audits import hold_lock, write_state

__all__ = ["main"]

_MEMORY: Final = 4 << 30
"""Bytes of address space; a log that needs more is refused instead of taking the machine down."""
_EVERY: Final = 0.5
"""Seconds between two words about progress."""


def main() -> int:
    """Audit, as told above."""
    folder = Path(sys.argv[1])
    hold_lock(folder)
    with suppress(OSError, AttributeError):
        os.nice(10)
    _bound_memory()
    job: dict[str, Any] = json.loads((folder / "job.json").read_text("utf-8"))
    state: dict[str, Any] = json.loads((folder / "state.json").read_text("utf-8")) | {"state": "running"}
    told = [0.0]

    def progress(rows: int, total: int | None) -> None:
        if total is not None and time.monotonic() - told[0] > _EVERY:
            told[0] = time.monotonic()
            write_state(folder, state | {"progress": {"rows": rows}})

    progress(0, 0)
    try:
        from compliance.audit import audit  # noqa: PLC0415  an optional extra

        result = audit(
            [folder / job["log"]],
            folder / "out",
            platform=job["platform"],
            profile=load_profile(Path(job["profile"])) if job["profile"] else None,
            lexicons=Path(job["lexicons"]) if job["lexicons"] else None,
            jobs=1,
            progress=progress,
        )
    except ComplianceError as error:
        write_state(folder, state | {"state": "failed", "error": str(error).replace(f"{folder}{os.sep}", "")})
    except MemoryError:
        write_state(folder, state | {"state": "failed", "error": "the log is too large; split it"})
    except ImportError:
        write_state(
            folder, state | {"state": "failed", "error": 'audits need an extra: pip install "compliance[audit]"'}
        )
    except Exception as error:
        if not folder.is_dir():  # it was deleted meanwhile
            return 1
        told_error = f"the audit could not be finished ({type(error).__name__})"
        write_state(folder, state | {"state": "failed", "error": told_error})
    else:
        rows = {"rows": result.messages.total()}
        counts = {"messages": dict(result.messages), "findings": dict(result.actions), "bad_rows": result.bad_rows}
        write_state(folder, state | {"state": "done", "progress": rows, "counts": counts})
        (folder / job["log"]).unlink(missing_ok=True)  # the report is what was wanted; the log need not stay
    return 0


def _bound_memory() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  not on every system

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


if __name__ == "__main__":
    sys.exit(main())
