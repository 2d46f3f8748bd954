"""Serve the HTTP lint endpoint on this machine (needs the "serve" extra)."""

from __future__ import annotations

import argparse
from pathlib import Path

from compliance.cli.options import profile_from
from compliance.errors import InputError

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=8321)
    parser.add_argument("--profile", type=Path, metavar="FILE", help="shop profile (shop.toml)")


def run(options: argparse.Namespace) -> int:
    """Serve until interrupted."""
    try:
        import uvicorn  # noqa: PLC0415  an optional extra

        from compliance.serve import create_app  # noqa: PLC0415
    except ImportError:
        raise InputError('the service is an extra: pip install "compliance[serve]"') from None
    from compliance.checker import Checker  # noqa: PLC0415

    uvicorn.run(create_app(Checker(profile=profile_from(options.profile))), host=options.host, port=options.port)
    return 0
