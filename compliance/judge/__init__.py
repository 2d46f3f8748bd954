"""Decide which candidates are breaches; one module for each kind of evidence."""

from compliance.judge.judge import Dropped, Kept, judge

__all__ = ["Dropped", "Kept", "judge"]
