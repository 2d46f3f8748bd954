"""Fold text so that disguised writing meets the lexicon, and map every hit back to the original characters."""

from compliance.fold.respell import Respelled, respell, unfinished_spelling
from compliance.fold.tables import FoldTables
from compliance.fold.utf16 import Utf16Offsets
from compliance.fold.view import View, fold_term, spell

__all__ = [
    "FoldTables",
    "Respelled",
    "Utf16Offsets",
    "View",
    "fold_term",
    "respell",
    "spell",
    "unfinished_spelling",
]
