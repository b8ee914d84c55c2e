"""Settings. Each source overrides the one before: defaults, the settings file, RATES_ variables, flags.

    from rates.settings import Settings, load, origin

    settings = Settings(provider="ecb", deadline="6s").with_values(symbols=["EUR", "JPY"])
    print(settings.provider, settings.symbols)
    print(load().offline, origin("offline"))

`schema` declares each setting once, `parsers` read their values, `sources` loads them from file and environment, and
`keywords` types them. `Settings(...)` makes a record with other values than the defaults; `load()` gives the one of
file and environment. A function that takes settings takes single ones as keywords too: `fetch_rates("USD",
provider="ecb")`.

RATES_OFFLINE=1 keeps every call off the network: `Settings()` without `offline` takes it from there.
`rates config` prints the settings in force and where each comes from, `rates config --explain` the settings file with
every setting, its unit and its reason, `rates config --path` its place.

Keys of providers stand under `[keys]` in that file, or in a variable like TCMB_API_KEY, which `rates providers KEY`
names. They are sent in a header where the publisher allows it, and appear in no message and no recording. Proxies and
CA bundles are those of the environment, as for `requests`: HTTPS_PROXY, NO_PROXY, REQUESTS_CA_BUNDLE.
"""

from __future__ import annotations

from rates.settings.parsers import FORMATS, LEDGER_FORMATS, MACHINE_FORMATS, MODES, PRICE_FORMATS, TABLE_FORMATS, VIAS
from rates.settings.schema import SETTINGS, Setting, Settings
from rates.settings.sources import config_path, data_path, given, load, origin, refuse_rule, resolve, resolve_for_table

__all__ = [
    "FORMATS",
    "LEDGER_FORMATS",
    "MACHINE_FORMATS",
    "MODES",
    "PRICE_FORMATS",
    "SETTINGS",
    "TABLE_FORMATS",
    "VIAS",
    "Setting",
    "Settings",
    "config_path",
    "data_path",
    "given",
    "load",
    "origin",
    "refuse_rule",
    "resolve",
    "resolve_for_table",
]
