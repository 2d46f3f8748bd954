"""Words that can be sent instead."""

from compliance.rewrite.compose import compose_rewrite
from compliance.rewrite.suggest import suggestions_for
from compliance.rewrite.tone import Tone

__all__ = ["Tone", "compose_rewrite", "suggestions_for"]
