"""Text is found to be text in the same way whether it is in memory or in a file that is too large for it."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import encodings
from compliance.encodings import NotTextError, decode, encoding_of


def _of(raw: bytes, encoding: str | None) -> tuple[str, int]:
    try:
        return decode(raw, encoding)[1], 0
    except NotTextError as error:
        return "", error.line


def _of_stream(raw: bytes, encoding: str | None) -> tuple[str, int]:
    try:
        return encoding_of(io.BytesIO(raw), encoding), 0
    except NotTextError as error:
        return "", error.line


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        ("亲，在的".encode(), "utf-8"),
        ("亲，在的".encode("gb18030"), "gb18030"),
        ("亲，在的".encode("utf-8-sig"), "utf-8-sig"),
        ("亲，在的".encode("utf-16"), "utf-16"),
        (b"", "utf-8"),
    ],
)
def test_the_encoding_is_found(raw: bytes, encoding: str) -> None:
    assert _of(raw, None) == _of_stream(raw, None) == (encoding, 0)


@given(st.text("亲在的ab\n"), st.binary(max_size=4), st.sampled_from([None, "utf-8", "gb18030"]), st.integers(1, 9))
def test_in_pieces_it_is_the_same(text: str, wrong: bytes, encoding: str | None, block: int) -> None:
    raw = text.encode() + wrong + b"\n"
    before = encodings._BLOCK
    encodings._BLOCK = block
    try:
        assert _of_stream(raw, encoding)[0] == _of(raw, encoding)[0]
    finally:
        encodings._BLOCK = before


def test_the_line_that_is_no_text_is_told() -> None:
    assert _of(b"a\nb\n\xff\n", "utf-8") == _of_stream(b"a\nb\n\xff\n", "utf-8") == ("", 3)
