"""Check Chinese customer-service chat messages before they are sent.

>>> from compliance import check
>>> check("亲加V聊", platform="pdd").decision.value
'block'
"""

from __future__ import annotations

from functools import cache

from compliance.checker import Checker, Examination
from compliance.errors import (
    ComplianceError,
    ContextError,
    InputError,
    LexiconError,
    ProfileError,
    UnknownPlatformError,
)
from compliance.lexicon.bundle import Bundle
from compliance.lexicon.store import load_bundle
from compliance.model import (
    PLATFORMS,
    Action,
    Citation,
    Context,
    Decision,
    Finding,
    Message,
    Rewrite,
    Severity,
    Suggestion,
    Tier,
    Verdict,
)
from compliance.profile import Profile, load_profile

__all__ = [
    "PLATFORMS",
    "Action",
    "Bundle",
    "Checker",
    "Citation",
    "ComplianceError",
    "Context",
    "ContextError",
    "Decision",
    "Examination",
    "Finding",
    "InputError",
    "LexiconError",
    "Message",
    "Profile",
    "ProfileError",
    "Rewrite",
    "Severity",
    "Suggestion",
    "Tier",
    "UnknownPlatformError",
    "Verdict",
    "check",
    "load_bundle",
    "load_profile",
]


def check(text: str, *, platform: str, context: Context | None = None) -> Verdict:
    """Check one message with the lexicons that came with the package.

    For more than a few messages, or with a shop profile, make a :class:`Checker` and keep it.

    Raises:
        UnknownPlatformError: the platform is not known.
    """
    return _default_checker().check(text, platform=platform, context=context)


@cache
def _default_checker() -> Checker:
    return Checker()
