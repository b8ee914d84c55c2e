"""Exchange Rates Data API, through the gateway of apilayer.com, with that gateway's key.

Publishes: about 170 currencies hourly (more often for some plans), and the last rates of each day since 1999-01-01.
Quoted: mid rates of commercial sources, units of the symbol for one euro.
Answer: JSON with success, base, date and rates; errors have a code and words.
Source: https://apilayer.com/marketplace/exchangerates_data-api

The same rates as exchangeratesapi, whose own keys the gateway does not take. One key of the gateway is for all its
products that its holder has subscribed to, and goes into a header. No base is asked for, so that every plan will do:
it is then the euro, and all other bases are crossed by us. The gateway's own refusals are a status and a message.
"""

from rates.providers._apilayer import FACTS, RATES, apilayer
from rates.providers._apilayer import parse as parse
from rates.providers.kit import Provider, Query, Steps

PROVIDER = Provider(
    name="Exchange Rates Data API (apilayer.com)",
    pivot="EUR",
    cadence="hourly",
    published="every hour UTC",
    key_env="APILAYER_API_KEY",
    key_url="https://apilayer.com/marketplace/exchangerates_data-api",
    reprints="exchangeratesapi",
    **FACTS,
)

FOLDER = "https://api.apilayer.com/exchangerates_data/"


def steps(query: Query) -> Steps:
    """One document for all bases, of the latest or one day; a range in pieces of a year."""
    return apilayer(query, PROVIDER, FOLDER, RATES, header="apikey")
