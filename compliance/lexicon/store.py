"""Find a lexicon folder and load its bundle, compiling it only when something changed."""

from __future__ import annotations

import hashlib
import os
import pickle
from functools import cache
from pathlib import Path

from compliance.collector import no_collections
from compliance.errors import LexiconError, Problem
from compliance.lexicon.bundle import Bundle
from compliance.private_cache import cache_folder

__all__ = ["default_folder", "lexicon_hash", "load_bundle"]

_PACKAGE = Path(__file__).resolve().parent.parent
_ENGINE = frozenset({"fold", "lexicon", "detect", "judge", "rewrite"})
"""The sub-packages that decide what is in a bundle and whether its examples hold."""


def default_folder() -> Path:
    """Return the lexicons that came with this installation, or those of the source checkout."""
    installed = _PACKAGE / "_data" / "lexicons"
    return installed if installed.is_dir() else _PACKAGE.parent / "lexicons"


def lexicon_hash(folder: Path) -> str:
    """Return the first 16 hex digits of the SHA-256 over names and contents of all files.

    Raises:
        LexiconError: the folder is not there.
    """
    if not (folder / "rules").is_dir():
        raise LexiconError([Problem(str(folder), 1, "this is no lexicon folder: it has no 'rules' folder")])
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.name.startswith(".") and file.suffix != ".md":
            content = file.read_bytes()
            digest.update(f"{file.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()[:16]


def load_bundle(folder: Path | None = None) -> Bundle:
    """Load the bundle of a lexicon folder; compile, prove its examples and cache it if it is new.

    Raises:
        LexiconError: with every defect and its file and line.
    """
    folder = (folder or default_folder()).resolve()
    digest = lexicon_hash(folder)
    cached = _cache_file(digest)
    if cached is not None and (bundle := _read(cached)) is not None:
        return bundle
    from compliance.lexicon.compiler import compile_lexicon  # noqa: PLC0415  slow to import, rarely needed
    from compliance.lexicon.examples import prove_examples  # noqa: PLC0415

    with no_collections():
        bundle = compile_lexicon(folder, digest)
        problems = prove_examples(bundle)
    if problems:
        raise LexiconError(problems)
    if cached is not None:
        _write(cached, bundle)
    return bundle


def _cache_file(digest: str) -> Path | None:
    folder = cache_folder()
    return None if folder is None else folder / f"bundle-{digest}-{_code_state()}.pickle"


@cache
def _code_state() -> str:
    """Identify the code that compiles and judges: a bundle compiled by other code is not reused."""
    digest = hashlib.sha256()
    for path, folders, files in os.walk(_PACKAGE):
        folders[:] = sorted(_ENGINE.intersection(folders)) if path == str(_PACKAGE) else sorted(folders)
        for name in sorted(files):
            if name.endswith(".py"):
                status = os.stat(os.path.join(path, name))
                digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())
    return digest.hexdigest()[:12]


def _read(file: Path) -> Bundle | None:
    try:
        with no_collections(), file.open("rb") as stream:
            bundle = pickle.load(stream)
    except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError, TypeError, ValueError):
        return None
    return bundle if isinstance(bundle, Bundle) else None


def _write(file: Path, bundle: Bundle) -> None:
    """Write atomically; a cache that cannot be written is no error. Older bundles are removed."""
    temporary = file.with_suffix(f".{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as stream:
            pickle.dump(bundle, stream, protocol=pickle.HIGHEST_PROTOCOL)
        temporary.replace(file)
        others = sorted(file.parent.glob("bundle-*.pickle"), key=lambda f: f.stat().st_mtime, reverse=True)
        for old in others[8:]:
            old.unlink(missing_ok=True)
    except OSError:
        temporary.unlink(missing_ok=True)
