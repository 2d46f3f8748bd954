"""Run with ``uvicorn server:app``, or better with ``compliance serve``, which also drains and limits headers."""

from compliance.serve import create_app
from compliance.serve.logs import set_up_logs
from compliance.serve.settings import load_settings

settings = load_settings()
set_up_logs(settings.log_level, settings.log_format)
app = create_app(settings=settings)
