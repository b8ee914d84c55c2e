"""Signs behind the keys of publishers whose terms restrict the use of their rates, and what the signs mean."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rates.model import Provider

MEANS = {
    "!": "its terms ask for consent before any use: in no group, asked if named",
    "°": "its terms allow non-commercial use alone",
    "?": "documented, not proven: no recorded answer is known",
}
_SIGNS = {"": "", "consent": "!", "non-commercial": "°"}


def signed(provider: Provider, *, proof: bool = False) -> str:
    """The key, and after a blank the sign of its restriction; proof: also that of a publisher which is not proven."""
    signs = _SIGNS[provider.restriction] + ("" if provider.proven or not proof else "?")
    return f"{provider.key} {signs}" if signs else provider.key


def meanings(keys: Iterable[str]) -> list[str]:
    """What the signs behind these keys mean, of those that are used."""
    used = {sign for key in keys for sign in key.partition(" ")[2]}
    return [f"{sign} {means}" for sign, means in MEANS.items() if sign in used]
