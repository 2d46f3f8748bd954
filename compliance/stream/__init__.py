"""Text that arrives in pieces, as from a language model: released as soon as it can no longer become a breach."""

from compliance.stream.session import Step, StreamRules, StreamSession

__all__ = ["Step", "StreamRules", "StreamSession"]
