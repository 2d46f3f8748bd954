"""The shape of ``shop.toml``."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

__all__ = ["ProfileModel", "explain"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OwnModel(_Strict):
    """What belongs to the shop."""

    domains: list[str] = []
    phones: list[str] = []


class ProfileModel(_Strict):
    """A shop profile."""

    name: str = ""
    platform: str | None = None
    category: Literal["general", "food", "health_food", "drug", "device", "cosmetic", "education", "finance"] | None = (
        None
    )
    own: OwnModel = OwnModel()
    offers: dict[Literal["cod", "credit_card", "free_shipping", "seven_day_excluded"], bool] = {}
    actions: dict[Literal["critical", "high", "medium", "low"], Literal["block", "warn", "note"]] = {}


def explain(error: ValueError) -> str:
    """Turn a validation error into one line that names the keys."""
    if not isinstance(error, ValidationError):
        return str(error)
    return "; ".join(f"{'.'.join(map(str, defect['loc']))}: {defect['msg']}" for defect in error.errors())
