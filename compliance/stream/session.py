"""One text that arrives in pieces.

Three things hold text back, each for its own reason:

* what may be the *beginning* of a term, a sentence pattern or a contact detail that the next pieces complete;
* a hit whose judgement is not *settled*: what follows may excuse it, or convict what is excused so far;
* text that, shown up to here and no further, would itself be a breach.

What none of them holds is released at once. When a hit is settled that is not allowed, the session stops: nothing from
its first character on is ever released. At the end of the text the verdict on the whole decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import Final

from compliance.checker import Checker
from compliance.errors import InputError
from compliance.fold import View, respell, unfinished_spelling
from compliance.judge import Dropped, Kept
from compliance.model import Action, Context, Decision, Verdict, platform_id
from compliance.stream.contacts import ContactEnds
from compliance.stream.relevant import ACTIONS, relevant_entries
from compliance.stream.sentences import SentenceEnds
from compliance.stream.settled import settled
from compliance.stream.terms import TermEnds

__all__ = ["Step", "StreamRules", "StreamSession"]

_LOOK_BACK: Final = 1300
"""Released characters that are read again, since judgements look so far back."""
_LONGEST: Final = 20_000
"""Characters of a text, unless told otherwise."""


class StreamRules:
    """What a bundle looks for on one platform and for one shop, by its beginnings. Immutable; share it."""

    def __init__(self, checker: Checker, platform: str, hold: Action = Action.BLOCK) -> None:
        """Prepare to hold back what leads to ``hold`` or worse; takes about a second.

        Raises:
            UnknownPlatformError: the platform is not known.
        """
        self.checker, self.platform, self.hold = checker, platform_id(platform), hold
        bundle = checker.bundle
        self.entries = relevant_entries(bundle, self.platform, checker.action, hold)
        self._ends = (
            TermEnds(bundle, self.entries),
            SentenceEnds(bundle, self.entries),
            ContactEnds(bundle, self.entries),
        )

    def with_checker(self, checker: Checker) -> StreamRules:
        """Return the same for another shop with the same bundle and the same actions."""
        other = copy(self)
        other.checker = checker
        return other

    def unfinished(self, text: str) -> int:
        """Return the position from which a text may be the beginning of a hit; its length if none."""
        view = View(text, self.checker.bundle.tables)
        settled = unfinished_spelling(view)
        hold = min(settled, self._hold(view))
        before = view if settled == len(text) else View(text[:settled], view.tables)
        respelled = respell(before, self.checker.bundle.inner_pairs)
        if respelled is not None:
            return min(hold, respelled.position(self._hold(respelled.view)))
        return hold if before is view else min(hold, self._hold(before))

    def _hold(self, view: View) -> int:
        pictured = view.with_emoji_words()
        return min(ends.hold(read) for ends in self._ends for read in (view, pictured) if read is not None)

    def forbidden(self, hit: Kept) -> bool:
        """Tell whether a hit leads to the action that is held back, or worse."""
        return ACTIONS[self.checker.action(hit.severity)] >= ACTIONS[self.hold]

    def refuses(self, decision: Decision) -> bool:
        """Tell whether a whole text with this decision is not released."""
        return decision is Decision.BLOCK or (decision is Decision.WARN and self.hold is Action.WARN)


@dataclass(frozen=True, slots=True)
class Step:
    """What a piece, or the end, led to.

    Attributes:
        release: text that may be shown now, behind what was released before.
        stopped: nothing more will be released.
        held: characters that wait.
    """

    release: str
    stopped: bool
    held: int


class StreamSession:
    """One text of one agent. Not for several threads at once."""

    def __init__(self, rules: StreamRules, context: Context | None = None, longest: int = _LONGEST) -> None:
        """Begin a text of at most ``longest`` characters."""
        self._rules = rules
        self._checker = rules.checker
        self._context = context or Context()
        self._facts = rules.checker.profile.complete(self._context)
        self._longest = longest
        self._text = self._half = ""
        self._released = 0
        self._stopped = False

    @property
    def text(self) -> str:
        """All that has arrived."""
        return self._text + self._half

    @property
    def released(self) -> str:
        """All that was released."""
        return self._text[: self._released]

    def feed(self, piece: str) -> Step:
        """Take the next piece.

        Raises:
            InputError: the text has become too long.
        """
        if len(self._text) + len(piece) > self._longest:
            raise InputError(f"the text is longer than {self._longest} characters")
        self._take(piece)
        if self._stopped:
            return self._step(self._released)
        low = max(0, self._released - _LOOK_BACK)
        text = self._text[low:]
        open_hits = list(self._open_hits(text))
        if any(final for _, final in open_hits):
            self._stopped = True
            limit = min(start for start, _ in open_hits)
        else:
            limit = min([self._rules.unfinished(text), *(start for start, _ in open_hits)])
        return self._step(low + self._presentable(text, limit))

    def finish(self) -> tuple[Step, Verdict]:
        """Take the end of the text; return what may still be shown, and the verdict on the whole."""
        self._text, self._half = self.text, ""
        verdict = self.verdict()
        limit = self._released if self._stopped else len(self._text)
        if self._rules.refuses(verdict.decision) and not self._stopped:
            self._stopped = True
            limit = self._presentable(self._text, len(self._text))
        return self._step(limit), verdict

    def verdict(self) -> Verdict:
        """Return the verdict on all that has arrived."""
        return self._checker.check(self._text, platform=self._rules.platform, context=self._context)

    def _take(self, piece: str) -> None:
        """Append a piece, joining a character beyond the basic plane whose halves came apart."""
        text = self._half + piece
        self._half = ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            text, self._half = text[:-1], text[-1]
        if any("\ud800" <= char <= "\udfff" for char in text):
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
        self._text += text

    def _open_hits(self, text: str) -> Iterator[tuple[int, bool]]:
        """Yield (start, whether it is certain) of the hits that are forbidden now or may still be."""
        weighed = self._checker.weigh(text, self._rules.platform, self._facts)
        shop_phrases = bool(self._checker.profile.exceptions or self._checker.profile.brands)
        outcomes: list[Kept | Dropped] = [*weighed.kept, *weighed.dropped]
        for outcome in outcomes:
            if outcome.candidate.entry in self._rules.entries:
                final = settled(outcome, shop_phrases)
                if isinstance(outcome, Kept):
                    if self._rules.forbidden(outcome):
                        yield outcome.candidate.start, final
                elif not final:
                    yield outcome.candidate.start, False

    def _presentable(self, text: str, limit: int) -> int:
        """Return how much of a text may stand alone: no beginning of it is a breach by itself."""
        while limit > 0:
            weighed = self._checker.weigh(text[:limit], self._rules.platform, self._facts)
            starts = [hit.candidate.start for hit in weighed.kept if self._rules.forbidden(hit)]
            if not starts:
                break
            limit = min(starts)
        return limit

    def _step(self, limit: int) -> Step:
        limit = max(limit, self._released)
        release = self._text[self._released : limit]
        self._released = limit
        return Step(release, self._stopped, len(self.text) - limit)
