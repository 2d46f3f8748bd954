"""Words written by their sound: homophones, pinyin, initials."""

from __future__ import annotations

from collections import defaultdict
from random import Random

from pypinyin import lazy_pinyin

from tests.disguise.units import Units, hanzi_at, replaced

__all__ = ["homophone", "initials", "pinyin_part", "pinyin_whole"]

_LONGEST = 4
"""Longer words are not written by their sound throughout; two neighbouring characters of them are."""


def _by_sound() -> dict[str, list[str]]:
    """Return sound -> the everyday characters (first level of GB 2312) that have it, tones aside."""
    found = defaultdict(list)
    for row in range(0xB0, 0xD8):
        for cell in range(0xA1, 0xFF):
            try:
                character = bytes((row, cell)).decode("gb2312")
            except UnicodeDecodeError:
                continue
            found[lazy_pinyin(character)[0]].append(character)
    return found


_ALIKE = _by_sound()


def _sounds(units: Units) -> dict[int, str]:
    places = hanzi_at(units)
    heard = lazy_pinyin([units[k] for k in places]) if places else []
    whole = lazy_pinyin("".join(units[k] for k in places))
    return dict(zip(places, whole if len(whole) == len(places) else heard, strict=True))


def homophone(units: Units, random: Random) -> Units | None:
    """One character for another that sounds the same but for the tone."""
    choices = {k: [c for c in _ALIKE[s] if c != units[k]] for k, s in _sounds(units).items() if s in _ALIKE}
    places = [k for k, others in choices.items() if others]
    return replaced(units, {(k := random.choice(places)): random.choice(choices[k])}) if places else None


def _stretch(units: Units, random: Random) -> dict[int, str]:
    sounds = _sounds(units)
    if len(sounds) <= _LONGEST:
        return sounds
    pairs = [k for k in sounds if k + 1 in sounds]
    if not pairs:
        return {}
    first = random.choice(pairs)
    return {k: sounds[k] for k in (first, first + 1)}


def pinyin_whole(units: Units, random: Random) -> Units | None:
    """All characters of a short word, two of a long one, in pinyin."""
    return replaced(units, _stretch(units, random))


def pinyin_part(units: Units, random: Random) -> Units | None:
    """One character in pinyin."""
    sounds = _sounds(units)
    if not sounds:
        return None
    place = random.choice(list(sounds))
    return replaced(units, {place: sounds[place]})


def initials(units: Units, random: Random) -> Units | None:
    """The first letters of the pinyin of a short word, or of two characters of a long one."""
    return replaced(units, {k: sound[0] for k, sound in _stretch(units, random).items()})
