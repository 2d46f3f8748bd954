"""Run with ``uvicorn server:app``."""

from compliance.serve import create_app

app = create_app()
