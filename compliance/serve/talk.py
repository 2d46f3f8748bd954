"""What is said about one streamed text: JSON objects in, events out."""

from __future__ import annotations

from typing import Any, Final

from starlette.concurrency import run_in_threadpool

from compliance.errors import ComplianceError, InputError
from compliance.model import Action, Context
from compliance.serve.bodies import parse_json
from compliance.serve.engine import Serving
from compliance.serve.logs import LOGGER, place_of
from compliance.serve.problems import ProblemError, from_core
from compliance.serve.service import Service
from compliance.stream import StreamSession
from compliance.wire import verdict_to_dict

__all__ = ["Talk"]

_KEYS: Final = {"platform", "context", "profile", "hold"}
_HOLD: Final = {"block": Action.BLOCK, "warn": Action.WARN}
_END: Final = {"end": True}

Event = dict[str, Any]


class Talk:
    """One text, from the object that says how to check it to the verdict."""

    def __init__(self, service: Service, serving: Serving) -> None:
        self._service, self._serving = service, serving
        self._session: StreamSession | None = None
        self.over = False

    async def hear(self, line: bytes) -> list[Event]:
        """Return the events that an object leads to; the last one of a text sets :attr:`over`."""
        try:
            said = parse_json(line)
            if not isinstance(said, dict):
                raise InputError("each line must be a JSON object")
            return await run_in_threadpool(self._answer, said)
        except ProblemError as problem:
            return self._end(problem)
        except ComplianceError as error:
            return self._end(from_core(error))

    def _answer(self, said: dict[str, Any]) -> list[Event]:
        if self._session is None:
            self._session = self._begin(said)
            return []
        if said == _END:
            return self._finish(self._session)
        if set(said) != {"piece"} or not isinstance(said["piece"], str):
            raise InputError('each line but the first must be {"piece": "..."}, the last may be {"end": true}')
        return self._feed(self._session, said["piece"])

    def _begin(self, said: dict[str, Any]) -> StreamSession:
        if not set(said) <= _KEYS:
            raise InputError(f"the first line says how to check: {', '.join(sorted(_KEYS))}")
        shop, platform, facts = said.get("profile"), said.get("platform"), said.get("context") or {}
        if not isinstance(facts, dict) or not isinstance(shop, str | None) or not isinstance(platform, str | None):
            raise InputError("profile and platform must be strings, context an object")
        hold = said.get("hold", "block")
        if not isinstance(hold, str) or hold not in _HOLD:
            raise InputError("hold must be block or warn")
        context = Context.parse(facts)
        rules = self._serving.stream_rules(shop, platform, _HOLD[hold])
        return StreamSession(rules, context, self._service.settings.max_stream)

    def _feed(self, session: StreamSession, piece: str) -> list[Event]:
        try:
            step = session.feed(piece)
        except ComplianceError:
            raise
        except Exception as error:
            return self._failed(session, error)
        events: list[Event] = [{"event": "release", "text": step.release}] if step.release else []
        if step.stopped:
            self.over = True
            events.append({"event": "stop", "verdict": self._counted(verdict_to_dict(session.verdict()))})
        return events

    def _finish(self, session: StreamSession) -> list[Event]:
        self.over = True
        try:
            step, verdict = session.finish()
        except Exception as error:
            return self._failed(session, error)
        events: list[Event] = [{"event": "release", "text": step.release}] if step.release else []
        told = self._counted(verdict_to_dict(verdict))
        return [*events, {"event": "stop" if step.stopped else "done", "verdict": told}]

    def _counted(self, verdict: dict[str, Any]) -> dict[str, Any]:
        self._service.metrics.count_verdict(verdict)
        return verdict

    def _failed(self, session: StreamSession, error: Exception) -> list[Event]:
        """Do as the settings say with text that could not be checked."""
        LOGGER.error("stream failed", extra=place_of(type(error), error.__traceback__))
        self.over = True
        if self._service.settings.fail == "closed":
            return self._end(ProblemError("internal", "the text could not be checked; what is held is not released"))
        self._service.metrics.count_unchecked("stream", 1)
        rest = session.text[len(session.released) :]
        problem = ProblemError("internal", "the text could not be checked and was released unchecked")
        return [{"event": "release", "text": rest}, *self._end(problem)]

    def _end(self, problem: ProblemError) -> list[Event]:
        self.over = True
        return [{"event": "error", "error": problem.document()}]
