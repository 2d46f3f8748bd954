"""The one door to jieba.

jieba is loaded on first use only: most messages, and a short command, never need it. Its dictionary cache lives in
a private folder, not in the shared temporary one where others could plant a file.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from importlib import resources
from tempfile import TemporaryDirectory
from typing import Any

from compliance.private_cache import cache_folder

__all__ = ["dictionary_words", "token_bounds", "warm_up"]

_lock = threading.Lock()
_loaded: list[Any] = []


def _tokenizer() -> Any:
    if not _loaded:
        with _lock:
            if not _loaded:
                import jieba  # noqa: PLC0415  half a second and 80 MB: only when needed

                jieba.setLogLevel(logging.WARNING)
                tokenizer = jieba.Tokenizer()
                with _cache() as folder:
                    tokenizer.tmp_dir, tokenizer.cache_file = folder, "jieba.cache"
                    tokenizer.initialize()
                _loaded.append(tokenizer)
    return _loaded[0]


def _cache() -> AbstractContextManager[str]:
    """Return the folder for the dictionary's cache: a private one, if need be for this one time."""
    folder = cache_folder()
    return TemporaryDirectory(prefix="compliance-") if folder is None else nullcontext(str(folder))


def warm_up() -> None:
    """Load the dictionary now (about a second) instead of on first use."""
    _tokenizer()


def token_bounds(text: str) -> list[tuple[int, int]]:
    """Segment a short text; return the (start, end) of each word in code points."""
    bounds, start = [], 0
    for word in _tokenizer().cut(text, HMM=False):
        bounds.append((start, start + len(word)))
        start += len(word)
    return bounds


def is_word(text: str) -> bool:
    """Tell whether the dictionary knows ``text`` as a word of two or more characters."""
    return len(text) > 1 and bool(_tokenizer().FREQ.get(text))


def dictionary_words() -> Iterator[tuple[str, int]]:
    """Yield the words of jieba's dictionary and their frequencies without loading the segmenter."""
    with resources.files("jieba").joinpath("dict.txt").open("rb") as file:
        for line in file:
            word, count, _ = line.split(b" ", 2)
            yield word.decode("utf-8"), int(count)
