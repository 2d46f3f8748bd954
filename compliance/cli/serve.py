"""Serve the HTTP API and its page (needs the "serve" extra).

Every option can also be set by environment (COMPLIANCE_...) or file; docs/running.md lists all settings.
"""

from __future__ import annotations

import argparse
import ipaddress
import os
import socket
import sys
from pathlib import Path

from compliance.errors import InputError

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=8321, help="0 chooses a free one (default: 8321)")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes (default: 1)")
    parser.add_argument("--profile", type=Path, metavar="FILE", help="shop profile of requests that name none")
    parser.add_argument("--profiles", type=Path, metavar="DIR", help="folder of shop profiles, one ID.toml each")
    parser.add_argument("--keys", type=Path, metavar="FILE", help="API keys, made with `compliance keys`")
    parser.add_argument("--lexicons", type=Path, metavar="DIR", help="use this lexicon folder")
    parser.add_argument("--audits", type=Path, metavar="DIR", help="folder for uploaded logs and reports")
    parser.add_argument("--settings", type=Path, metavar="FILE", help="settings file (TOML)")


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    if options.settings:
        os.environ["COMPLIANCE_SETTINGS"] = str(options.settings)
    if options.workers < 1:
        raise InputError("--workers must be at least 1")
    if options.workers > 1 and sys.platform == "win32":
        raise InputError("--workers needs a Unix system; here, run one worker")
    try:
        from compliance.serve.launch import launch  # noqa: PLC0415  an optional extra
        from compliance.serve.settings import load_settings  # noqa: PLC0415
    except ImportError:
        raise InputError('the service is an extra: pip install "compliance[serve]"') from None
    names = ("profile", "profiles", "keys", "lexicons", "audits")
    settings = load_settings(**{name: getattr(options, name) for name in names})
    if settings.keys is None and not _is_local(options.host):
        raise InputError(
            f"listening on {options.host} needs API keys: make one with `compliance keys add NAME --file keys.toml` "
            "and start with --keys keys.toml"
        )
    with _bound(options.host, options.port) as sock:
        return launch(settings, sock, options.workers)


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except (OSError, OverflowError) as error:
        sock.close()
        raise InputError(f"cannot listen on {host} port {port}: {getattr(error, 'strerror', error)}") from None
    return sock
