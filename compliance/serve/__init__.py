"""The HTTP service."""

from compliance.serve.app import create_app

__all__ = ["create_app"]
