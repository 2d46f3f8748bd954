"""Run with ``uvicorn server:app``."""

import os

from compliance import Checker
from compliance.hooks.routes import Secrets
from compliance.serve import create_app

checker = Checker()
checker.warm_up()
secrets = Secrets(
    tencent_sdkappid=os.environ.get("COMPLIANCE_TENCENT_SDKAPPID"),
    easemob=os.environ.get("COMPLIANCE_EASEMOB_SECRET"),
    stream=os.environ.get("COMPLIANCE_STREAM_SECRET"),
)
app = create_app(checker, secrets)
