"""Keys of providers: where they come from, and how errors name them without showing them."""

from __future__ import annotations

import os
from dataclasses import replace

from rates import providers
from rates.defaults import OWN
from rates.errors import KeyNeeded, NotRecorded, RatesError
from rates.fetch.missing_currency import explain
from rates.model import Provider
from rates.providers.groups import expand
from rates.settings import Settings
from rates.transport.redact import forget_causes, redacted

RECORDED = "recorded"  # the key for a replay: recordings hold no keys


def secrets(provider: Provider, settings: Settings) -> tuple[tuple[str, str], ...]:
    """The provider's key alone: from the settings, else from its variable in the environment."""
    if not provider.key_env:
        return ()
    value = dict(settings.keys).get(provider.key) or os.environ.get(provider.key_env, "")
    value = value.strip()  # a key that was read from a file has a line break
    if settings.replay and not value:
        value = RECORDED
    return ((provider.key, value),) if value else ()


def with_keys(settings: Settings) -> Settings:
    """The settings with the keys of their providers that this process's environment holds, for workers elsewhere."""
    keys = dict(settings.keys)
    for key in expand(settings.chain):
        keys.update(secrets(providers.load(key).PROVIDER, settings))
    return replace(settings, keys=tuple(sorted(keys.items())))


def without_keys(text: str, provider: Provider, settings: Settings) -> str:
    """The text with the word KEY in place of the provider's key."""
    return redacted(text, _real_keys(provider, settings))


def _real_keys(provider: Provider, settings: Settings) -> tuple[str, ...]:
    return tuple(key for _, key in secrets(provider, settings) if key != RECORDED)


def annotate(error: RatesError, provider: Provider, settings: Settings, base: str = "") -> None:
    """Adds the provider and a hint to an error, and removes the key from it.

    A publisher may repeat the key in its message, and so may an exception about an invalid one.
    """
    error.detail, error.hint = (without_keys(text, provider, settings) for text in (error.detail, error.hint))
    error.args = (error.detail,)
    forget_causes(error, _real_keys(provider, settings))
    error.provider = error.provider or provider.key
    if provider.key != OWN:  # what the file lacks, no publisher explains
        explain(error, provider.key, base, settings)
    if isinstance(error, KeyNeeded):
        error.hint = f'set {provider.key_env}, or {provider.key} = "…" under [keys] in the config file'
        error.hint += f"; keys are given at {provider.key_url}" if provider.key_url else ""
    if isinstance(error, NotRecorded):
        asked = " ".join(part for part in (base, "--provider", provider.key) if part)
        asked += f" --on {settings.on}" if settings.on else ""
        error.hint = error.hint.replace("--provider KEY", asked)
