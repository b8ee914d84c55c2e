"""The region and sub-region of a country by its ISO 3166 code, after the United Nations' M49.

Source: https://unstats.un.org/unsd/methodology/m49/. EU (for the European Central Bank), TW and XK are added to it. A
publisher without a country, such as the International Monetary Fund, has no region.
"""

from __future__ import annotations

from functools import cache

REGIONS = ("Africa", "Americas", "Asia", "Europe", "Oceania")

_PLACES = """
Africa/Northern Africa: DZ EG EH LY MA SD TN
Africa/Eastern Africa: BI DJ ER ET IO KE KM MG MU MW MZ RE RW SC SO SS TF TZ UG YT ZM ZW
Africa/Middle Africa: AO CD CF CG CM GA GQ ST TD
Africa/Southern Africa: BW LS NA SZ ZA
Africa/Western Africa: BF BJ CI CV GH GM GN GW LR ML MR NE NG SH SL SN TG
Americas/Caribbean: AG AI AW BB BL BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI
Americas/Central America: BZ CR GT HN MX NI PA SV
Americas/South America: AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE
Americas/Northern America: BM CA GL PM US
Asia/Central Asia: KG KZ TJ TM UZ
Asia/Eastern Asia: CN HK JP KP KR MN MO TW
Asia/South-eastern Asia: BN ID KH LA MM MY PH SG TH TL VN
Asia/Southern Asia: AF BD BT IN IR LK MV NP PK
Asia/Western Asia: AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE
Europe/Eastern Europe: BG BY CZ HU MD PL RO RU SK UA
Europe/Northern Europe: AX DK EE FI FO GB GG IE IM IS JE LT LV NO SE SJ
Europe/Southern Europe: AD AL BA ES GI GR HR IT ME MK MT PT RS SI SM VA XK
Europe/Western Europe: AT BE CH DE FR LI LU MC NL
Europe/Euro area: EU
Oceania/Australia and New Zealand: AU CC CX HM NF NZ
Oceania/Melanesia: FJ NC PG SB VU
Oceania/Micronesia: FM GU KI MH MP NR PW UM
Oceania/Polynesia: AS CK NU PF PN TK TO TV WF WS
"""


@cache
def places() -> dict[str, tuple[str, str]]:
    """Region and sub-region of each country."""
    found = {}
    for line in _PLACES.strip().splitlines():
        path, _, countries = line.partition(": ")
        region, _, sub_region = path.partition("/")
        found.update(dict.fromkeys(countries.split(), (region, sub_region)))
    return found


def place(country: str) -> tuple[str, str]:
    """Region and sub-region of one country; ("", "") for no country."""
    return places().get(country, ("", ""))


def names() -> tuple[str, ...]:
    """All regions, then all sub-regions."""
    return (*REGIONS, *sorted({sub_region for _, sub_region in places().values()}))
