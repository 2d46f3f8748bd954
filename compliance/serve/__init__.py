"""The HTTP lint endpoint."""

from compliance.serve.app import create_app

__all__ = ["create_app"]
