"""Batch audit of chat logs: findings, reply metrics and a report for a supervisor.

>>> from compliance.audit import audit                                     # doctest: +SKIP
>>> result = audit([Path("chats.csv")], Path("out"), platform="pdd")       # doctest: +SKIP
"""

from __future__ import annotations

from compliance.audit.runner import audit
from compliance.audit.summary import AuditResult

__all__ = ["AuditResult", "audit"]
