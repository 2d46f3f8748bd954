"""Start the service: load, warm up, then one worker here or several beside."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

from compliance.serve.group import group_folder
from compliance.serve.logs import LOGGER, set_up_logs
from compliance.serve.settings import Settings

__all__ = ["launch"]


def launch(settings: Settings, sock: socket.socket, workers: int) -> int:
    """Serve on a bound socket; return the exit code when told to stop.

    Raises:
        ComplianceError: lexicons, a profile or the key file cannot be used.
    """
    set_up_logs(settings.log_level, settings.log_format)
    counters = _share(settings) if workers > 1 else None
    from compliance.serve.app import create_app, load_serving  # noqa: PLC0415  after the counters' folder is set
    from compliance.serve.prefork import run_workers  # noqa: PLC0415
    from compliance.serve.worker import serve  # noqa: PLC0415

    serving = load_serving(settings)
    host, port = sock.getsockname()[:2]
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    LOGGER.info(f"ready on http://{place}/", extra={"bundle": serving.version})

    if workers == 1:
        serve(create_app(settings=settings, serving=serving), sock)
        return 0
    return run_workers(workers, lambda: serve(create_app(settings=settings, serving=serving), sock), counters)


def _share(settings: Settings) -> Path | None:
    """Give the workers a common name, and a folder for their numbers."""
    os.environ["COMPLIANCE_GROUP"] = f"s{os.getpid()}"
    folder = group_folder(settings.state)
    if folder is None:
        return None
    counters = folder.with_name(folder.name.replace("group-", "numbers-"))
    shutil.rmtree(counters, ignore_errors=True)
    counters.mkdir(mode=0o700)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counters)
    return counters
