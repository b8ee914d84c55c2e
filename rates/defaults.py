"""What the seed and the settings start from: bases, symbols and the number of workers; and names that many share."""

from __future__ import annotations

# The five most traded currencies of the BIS triennial survey of 2025 that every provider of the default chain has.
BASES = ("USD", "EUR", "GBP", "JPY", "CHF")
SYMBOLS = ("USD", "EUR", "GBP", "JPY", "CHF")
POOL_SIZE = 8  # fetches wait, they do not compute; the public services are asked at most eight at once
CONSENSUS = "consensus"  # in place of a provider's key: all official publishers at once, and the medians of their rates
OWN = "own"  # the provider of the user's own rates, which a file has; also the source of its figures

# Where answers come from that are not the network's: the ECB's history in the package, or the recordings of --replay.
HISTORY, RECORDING = "ecb-history", "recording"
STORE = "store"  # where answers come from that were fetched before, and kept
SOURCE_HEADER = "x-rates-source"  # the header by which such an answer names its source
