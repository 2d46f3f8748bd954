"""Decide which candidates are breaches; one module for each kind of evidence."""

from compliance.judge.judge import Dropped, Kept, judge
from compliance.judge.shop import ShopEvidence

__all__ = ["Dropped", "Kept", "ShopEvidence", "judge"]
