"""Run with ``uvicorn server:app``."""

from compliance import Checker
from compliance.serve import create_app

checker = Checker()
checker.warm_up()
app = create_app(checker)
