"""``GET /v1/profiles``: the shops that the service knows."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from compliance.profile import Profile
from compliance.serve.bodies import to_json
from compliance.serve.openapi import described, json_answer
from compliance.serve.problems import ProblemError
from compliance.serve.service import Service, serving_of

__all__ = ["profiles_router"]

Id = Annotated[str, Path(max_length=100, description="the profile's file name without .toml")]


def profiles_router(service: Service) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/v1", tags=["shops"], dependencies=[service.demand("read")])

    @router.get(
        "/profiles", response_model=None, responses=described(json_answer("ProfileList", "The profiles, by id."))
    )
    def profiles(request: Request) -> Response:
        """List the shop profiles that a request may name."""
        shops = serving_of(request).shops.by_id
        listed = [{"id": id_, "name": shop.name, "platform": shop.platform} for id_, shop in sorted(shops.items())]
        return Response(to_json({"profiles": listed}), media_type="application/json")

    @router.get(
        "/profiles/{id}", response_model=None, responses=described(json_answer("ProfileDetail", "The profile."), 404)
    )
    def profile(request: Request, id: Id) -> Response:
        """Tell what a shop owns and offers, and its exceptions."""
        shop = serving_of(request).shops.by_id.get(id)
        if shop is None:
            raise ProblemError("not-found", "there is no profile of this id; GET /v1/profiles lists them")
        return Response(to_json({"id": id} | _detail(shop)), media_type="application/json")

    return router


def _detail(shop: Profile) -> dict[str, Any]:
    return {
        "name": shop.name,
        "platform": shop.platform,
        "category": shop.category,
        "tone": shop.tone,
        "own": {
            "domains": sorted(shop.domains),
            "phones": sorted(shop.phones),
            "brands": sorted(shop.brands),
            "return_address": shop.return_address,
        },
        "offers": dict(shop.facts),
        "actions": {severity.label: action.value for severity, action in shop.actions.items()},
        "exceptions": [
            {
                "phrase": item.phrase,
                "rules": sorted(item.rules),
                "reason": item.reason,
                "owner": item.owner,
                "expires": item.expires.isoformat() if item.expires else None,
            }
            for item in shop.exceptions
        ],
    }
