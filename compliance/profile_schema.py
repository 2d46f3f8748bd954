"""The shape of ``shop.toml``; ``compliance profile schema`` prints it as JSON Schema."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from compliance.model import ToneName

__all__ = ["TONES", "ProfileModel", "explain"]

_Fact = Literal["cod", "credit_card", "free_shipping", "seven_day_excluded"]
_Level = Literal["critical", "high", "medium", "low"]


TONES: Final[dict[str, ToneName]] = {"亲切": "warm", "正式": "formal", "简洁": "brief"}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OwnModel(_Strict):
    """What belongs to the shop."""

    domains: list[str] = Field(default=[], description="own domains; links to them are in order")
    phones: list[str] = Field(default=[], description="own published service numbers")
    brands: list[str] = Field(default=[], description="brands that are own or authorised")
    return_address: str = Field(default="", description="the registered return address")


class ExceptionModel(_Strict):
    """Words the shop may use although a rule forbids them."""

    phrase: str = Field(min_length=2, description="term or longer phrase; * stands for up to ten characters")
    rules: list[str] = Field(min_length=1, description="rule codes or categories")
    reason: str = Field(min_length=2)
    owner: str = Field(min_length=1, description="who decided it and answers for it")
    expires: date = Field(description="the last day on which it holds")


class ProfileModel(_Strict):
    """A shop profile."""

    name: str = ""
    platform: str | None = Field(default=None, description="pdd, taobao, jd, douyin, kuaishou or a usual name")
    category: Literal["general", "food", "health_food", "drug", "device", "cosmetic", "education", "finance"] | None = (
        None
    )
    tone: Literal["亲切", "正式", "简洁"] | None = Field(default=None, description="how rewrites are worded")
    own: OwnModel = OwnModel()
    offers: dict[_Fact, bool] = Field(default={}, description="what the shop offers; where unknown, rules only warn")
    actions: dict[_Level, Literal["block", "warn", "note"]] = {}
    exceptions: list[ExceptionModel] = []


def explain(error: ValueError) -> str:
    """Turn a validation error into one line that names the keys."""
    if not isinstance(error, ValidationError):
        return str(error)
    return "; ".join(f"{'.'.join(map(str, defect['loc']))}: {defect['msg']}" for defect in error.errors())
