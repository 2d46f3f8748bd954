"""JUnit XML: one test case a message, for build servers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from compliance.cli.formats.result import Result
from compliance.lexicon.bundle import Bundle
from compliance.model import Decision

__all__ = ["render"]

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(results: Iterable[Result], bundle: Bundle, colour: bool) -> Iterator[str]:  # noqa: ARG001
    """Yield the document. A blocked message is a failure; a warning passes with its text as output."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites><testsuite name="compliance">\n'
    for result in results:
        name = quoteattr(f"{result.message.origin}:{result.message.line}")
        found = "\n".join(f"{f.code} “{f.surface}” {f.message}" for f in result.verdict.findings)
        body = _NOT_XML.sub("\ufffd", found)
        if result.verdict.decision is Decision.BLOCK:
            codes = ", ".join(sorted({f.code for f in result.verdict.findings}))
            inner = f"<failure message={quoteattr(codes)}>{escape(body)}</failure>"
        else:
            inner = f"<system-out>{escape(body)}</system-out>" if body else ""
        yield f'  <testcase classname="compliance" name={name}>{inner}</testcase>\n'
    yield "</testsuite></testsuites>\n"
