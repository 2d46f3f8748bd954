"""The shape of every lexicon file, checked before anything is compiled.

Unknown keys, empty terms and duplicate terms are refused here; what needs the whole lexicon (names that are not
defined, examples that fail) is refused by the compiler.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    RootModel,
    Tag,
    field_validator,
    model_validator,
)

__all__ = [
    "ClauseFile",
    "ContextModel",
    "EntryModel",
    "ExampleModel",
    "InventoryFile",
    "JudgementFile",
    "LabelsFile",
    "PlatformFile",
    "RecognisersFile",
    "RewriteModel",
    "RuleFile",
    "WordSetModel",
]

CATEGORIES = [
    "competitor_platform",
    "third_party_link",
    "offsite_contact",
    "offsite_payment",
    "offsite_transaction",
    "qr_code",
    "physical_address",
    "absolute_claim",
    "medical_claim",
    "false_promise",
    "price",
    "defamation",
    "third_party_brand",
    "review_inducement",
    "refund_reason_inducement",
    "refuse_aftersale",
    "unfair_terms",
    "invoice_refusal",
    "shipping_fee",
    "credit_card",
    "cod",
    "order_closing",
    "stock_out",
    "personal_info_leak",
    "abuse",
    "threat",
    "harassment",
    "spam",
    "politics",
    "porn",
    "gambling",
    "pyramid",
    "cash_out",
    "ip",
    "response",
    "style",
]
TOLERANCES = ("sound", "look", "pinyin", "split", "initials", "reverse")
RECOGNISERS = [
    "mobile",
    "landline",
    "local_number",
    "service_number",
    "wechat_id",
    "qq_number",
    "email",
    "url",
    "taobao_token",
    "bank_card",
    "id_card",
    "address",
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)


def _no_blanks(words: list[str]) -> list[str]:
    seen: set[str] = set()
    for word in words:
        if not word.strip():
            raise ValueError("an empty term would match everything")
        if word in seen:
            raise ValueError(f"duplicate term {word!r}")
        seen.add(word)
    return words


def _as_texts(value: Any) -> Any:
    """Accept YAML scalars that look like numbers (1688) where words are listed."""
    if isinstance(value, list):
        return [str(item) if isinstance(item, int | float) and not isinstance(item, bool) else item for item in value]
    return value


Words = Annotated[list[str], BeforeValidator(_as_texts), Field(default_factory=list)]
Tolerance = list[Literal["sound", "look", "pinyin", "split", "initials", "reverse"]]


def _off(value: Any) -> Any:
    """Read YAML 1.1's ``off``, which is a boolean there, as the word it was meant to be."""
    return "off" if value is False else value


Level = Annotated[Literal["critical", "high", "medium", "low", "off"], BeforeValidator(_off)]
SeverityModel = Level | dict[str, Level]


class ContextModel(_Strict):
    """Words that must or must not stand near a hit; several keys are alternatives, ``and`` must hold besides.

    ``affirmed`` words do not count behind a negation (可以退 in 不可以退).
    """

    about: str | None = None
    left: Words
    right: Words
    near: Words
    clause: Words
    message: Words
    span: Words
    within: int | None = Field(default=None, ge=0, le=60)
    cross: bool = False
    affirmed: bool = False
    and_: ContextModel | None = Field(default=None, alias="and")

    @model_validator(mode="after")
    def _has_words(self) -> ContextModel:
        if not any((self.left, self.right, self.near, self.clause, self.message, self.span)):
            raise ValueError("a context needs words under left, right, near, clause, message or span")
        for words in (self.left, self.right, self.near, self.clause, self.message, self.span):
            _no_blanks(words)
        return self


ContextRef = Annotated[
    Annotated[str, Tag("(name)")] | Annotated[ContextModel, Tag("(words)")],
    Discriminator(lambda value: "(name)" if isinstance(value, str) else "(words)"),
]
"""The name of a context, or one that is described on the spot."""


class WordSetModel(_Strict):
    """A named set of words for patterns and contexts; ``<name>`` includes another set."""

    about: str | None = None
    words: Words
    tolerance: Tolerance = []

    @field_validator("words")
    @classmethod
    def _words(cls, words: list[str]) -> list[str]:
        if not words:
            raise ValueError("a word set needs words")
        return _no_blanks(words)


class NeedModel(_Strict):
    """A fact without which the rule can only warn."""

    flag: str
    fires_if: bool


class EntryModel(_Strict):
    """One group of terms, one pattern, one recogniser, or the platform names."""

    terms: Words
    pattern: str | None = None
    recogniser: Literal[tuple(RECOGNISERS)] | None = None  # type: ignore[valid-type]
    from_: Literal["platforms"] | None = Field(default=None, alias="from")
    tolerance: Tolerance = []
    boundary: Literal["auto", "none", "word"] = "auto"
    requires: list[ContextRef] = []
    unless: list[ContextRef] = []
    exempt: list[ContextRef] = []
    protect: Words
    cue: list[ContextRef] = []
    severity: SeverityModel | None = None
    needs: list[NeedModel] = []
    entry: str | None = None
    source: str | list[str] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> EntryModel:
        kinds = [bool(self.terms), self.pattern is not None, self.recogniser is not None, self.from_ is not None]
        if sum(kinds) != 1:
            raise ValueError("an entry is exactly one of: terms (not empty), pattern, recogniser, from")
        _no_blanks(self.terms)
        _no_blanks(self.protect)
        return self


class RewriteModel(_Strict):
    """What to send instead; strategies are tried from the smallest change to the largest."""

    replace: dict[str, list[str]] = {}
    drop: bool = False
    clause: list[str] = []
    message: list[str] = []
    tier: Literal["safe", "unsafe"] = "unsafe"
    advice: str | None = None


class ExampleModel(_Strict):
    """A sentence that proves the rule; a bare string is short for ``{text: ...}``."""

    text: str
    platform: str | None = None
    span: str | None = None
    want: str | None = None
    action: Literal["note", "warn", "block"] | None = None
    context: dict[str, Any] = {}


def _as_example(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


Examples = list[Annotated[ExampleModel, BeforeValidator(_as_example)]]


class ExamplesModel(_Strict):
    """The sentences of a rule: must hit, must pass, must be rewritten so."""

    hit: Examples = Field(min_length=1)
    pass_: Examples = Field(min_length=1, alias="pass")
    fix: Examples = []


class RuleFile(_Strict):
    """One rule."""

    code: str = Field(pattern=r"^[A-Z]{3}\d{3}$")
    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str
    category: Literal[tuple(CATEGORIES)]  # type: ignore[valid-type]
    platforms: list[str] = ["pdd", "taobao", "jd", "douyin", "kuaishou"]
    severity: SeverityModel
    message: str
    why: str
    exemptions: str | None = None
    cite: list[str] = []
    source: list[str]
    needs: list[NeedModel] = []
    requires: list[ContextRef] = []
    unless: list[ContextRef] = []
    exempt: list[ContextRef] = []
    entries: list[EntryModel] = Field(min_length=1)
    rewrite: RewriteModel = RewriteModel()
    examples: ExamplesModel


class PlatformFile(_Strict):
    """The names and domains of one platform."""

    id: str
    name: str
    family: str
    kind: str
    names: list[EntryModel]
    domains: Words


class ClauseModel(_Strict):
    """One clause that can be cited."""

    id: str
    clause: str | None
    title: str
    effective_from: date | None = None
    effective_to: date | None = None
    verification: Literal["A", "B", "C", "D"] | None = None
    penalty: str | None = None
    inventory: list[str] = []
    supersedes: str | None = None
    url: str | None = None
    note: str | None = None


class ClauseFile(_Strict):
    """One document and its clauses."""

    document: str
    short: str | None = None
    issuer: Literal["national", "pdd", "taobao", "jd", "douyin", "kuaishou"]
    verification: Literal["A", "B", "C", "D"]
    url: str | None = None
    note: str | None = None
    clauses: list[ClauseModel]


class LabelsFile(RootModel[dict[str, str | None]]):
    """The words printed beside a citation for each verification level; ``null`` is never printed."""


class InventoryRowModel(_Strict):
    """One rule of the collection and how it is served."""

    no: int
    id: str = Field(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)+$")
    platform: Literal["national", "pdd", "taobao", "jd", "douyin", "kuaishou", "all"]
    categories: list[Literal[tuple(CATEGORIES)]] = Field(min_length=1)  # type: ignore[valid-type]
    rule: str
    severity: Literal["critical", "high", "medium", "low"]
    verification: Literal["A", "B", "C", "D"]
    fate: Literal["text", "context", "conversation", "metric", "invisible"]
    needs: list[str] = []
    reason: str | None = None

    @model_validator(mode="after")
    def _explained(self) -> InventoryRowModel:
        if self.fate in ("conversation", "metric", "invisible") and not self.reason:
            raise ValueError(f"a row with fate {self.fate!r} needs a reason")
        if self.fate == "context" and not self.needs:
            raise ValueError("a row with fate 'context' needs the facts it depends on under 'needs'")
        return self


class InventoryFile(_Strict):
    """All rules that were collected."""

    rows: list[InventoryRowModel]


class JudgementFile(_Strict):
    """What severities and legal exemptions lead to."""

    actions: dict[Literal["critical", "high", "medium", "low"], Literal["block", "warn", "note"]]
    exempt: dict[str, Literal["drop", "low", "medium"]]
    exempt_note: str


class RecognisersFile(_Strict):
    """What the recognisers of contact details look for beside digits and letters."""

    accounts: dict[Literal["wechat_id", "qq_number"], list[str]]
    fillers: Words
    phone_labels: Words
    top_level_domains: Words
    weak_domains: Words
    second_level_domains: Words
