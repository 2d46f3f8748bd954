"""Pre-send hooks: one neutral ruling, and a thin adapter per chat tool.

>>> from compliance import Checker
>>> from compliance.hooks import Guard
>>> guard = Guard.embedded(Checker(), platform="pdd")
>>> guard("亲，加我微信").outcome.value
'refuse'
"""

from __future__ import annotations

from compliance.hooks.client import ServiceClient
from compliance.hooks.guard import Guard
from compliance.hooks.ruling import Outcome, Policy, Ruling, explain, rule

__all__ = ["Guard", "Outcome", "Policy", "Ruling", "ServiceClient", "explain", "rule"]
