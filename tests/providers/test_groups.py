from __future__ import annotations

import pytest

from rates import providers
from rates.errors import UsageError
from rates.providers.groups import BY_CONSENT, GROUPS, chosen, expand, known_ahead, members


def test_all_is_every_publisher() -> None:
    """`all` has every publisher once but those that ask for consent, and not the consensus of them."""
    assert chosen("all") == tuple(key for key in providers.own_keys() if key not in BY_CONSENT)
    assert "consensus" not in chosen("all")


def test_consent_is_a_fact() -> None:
    """Those that ask for consent are the ones whose facts say so; no group has any, and each is asked when named."""
    facts = [providers.load(key).PROVIDER for key in providers.own_keys()]
    assert {provider.key for provider in facts if provider.restriction == "consent"} == BY_CONSENT
    assert not BY_CONSENT & {key for group in GROUPS for key in members(group)}
    assert set(chosen(f"all,{','.join(BY_CONSENT)}")) == set(providers.own_keys())


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_has_a_member(group: str) -> None:
    """No group is empty."""
    assert members(group)


@pytest.mark.parametrize(
    ("one", "other"), [("central-banks", "services"), ("official", "market"), ("free", "keyed"), ("europe", "asia")]
)
def test_groups_that_exclude_each_other(one: str, other: str) -> None:
    """A publisher is of one kind, of one side, and of one region."""
    assert not set(members(one)) & set(members(other))


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("ecb", ("ecb",)),
        ("NBP, ecb,nbp", ("nbp", "ecb")),
        ("ecb,nbp,-ecb", ("nbp",)),
        ("ecb,-keyed,tcmb", ("ecb", "tcmb")),
        ("tcmb,ecb,-keyed", ("ecb",)),
        ("consensus", ("consensus",)),
    ],
)
def test_lists(text: str, keys: tuple[str, ...]) -> None:
    """Words are read from left to right, in any case, each publisher once."""
    assert chosen(text) == keys


def test_a_chain_is_expanded() -> None:
    """The consensus stands for the official publishers, any other key for itself; each is there once."""
    assert expand(("frankfurter", "ecb")) == ("frankfurter", "ecb")
    assert expand(("ecb", "consensus")) == ("ecb", *(key for key in members("official") if key != "ecb"))


def test_exclusions() -> None:
    """A list that begins with an exclusion begins with all."""
    assert chosen("all,-fred") == chosen("-fred") == tuple(key for key in chosen("all") if key != "fred")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("europ", "did you mean europe"),
        ("ecb,nbpp", "'nbpp' is neither a provider nor a group; did you mean"),
        ("", "'' leaves no provider"),
        ("ecb,-ecb", "'ecb,-ecb' leaves no provider"),
        ("-", "'' is neither a provider"),
    ],
)
def test_wrong_words(text: str, message: str) -> None:
    """An unknown word is refused with the nearest known ones."""
    with pytest.raises(UsageError) as caught:
        chosen(text)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("chain", "known"), [(("ecb", "nbp"), False), (("ecb", "hmrc"), True), (("consensus", "own"), False), ((), False)]
)
def test_rates_known_ahead(chain: tuple[str, ...], known: bool) -> None:
    """Rates for periods may be there before their day; a consensus has none of them."""
    assert known_ahead(chain) is known
