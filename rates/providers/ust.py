"""US Treasury, Bureau of the Fiscal Service: reporting rates of exchange.

Publishes: about 150 currencies for each quarter, within days of its last day, with amendments, since 2001.
Quoted: units of the currency for one US dollar, with about three decimals.
Answer: JSON, a row a country and currency by their names, with the quarter's day and that of its effect; text.
Source: https://fiscaldata.treasury.gov/datasets/treasury-reporting-rates-exchange/treasury-reporting-rates-of-exchange

Rule: the newest row of a name with an effective day up to the asked one. The row of a quarter's last day serves that
day and the three months after it; where a currency moves by 10 % or more, an amendment replaces it from a day of its
own, and may come up to two months late. Section 613 of Public Law 87-195 (22 U.S.C. 2363(b)) has the Treasury set the
rates at which agencies report; FBAR (FinCEN 114) and Form 8938 take the rate of 31 December.

Names of countries that use the US dollar are left out. Where several countries share a currency, the row of one of them
is read: Benin, Cameroon, Antigua and Barbuda, and the euro area. A name that is in neither table below is passed over
with a warning, since the Treasury writes new ones without notice.
"""

from rates.errors import NoRates
from rates.providers.kit import (
    Decimal,
    Iterable,
    Provider,
    Query,
    Quote,
    Request,
    Steps,
    date,
    get,
    passed_over,
    periods,
    renewed,
    timedelta,
    until_next,
)
from rates.readers import day, json_object, number, records

PROVIDER = Provider(
    name="US Treasury",
    country="US",
    pivot="USD",
    rate_type="quarterly",
    cadence="quarterly",
    published="no stated time America/New_York, within days of a quarter's last day",
    since=date(2001, 3, 31),
    gap_days=14,
    kind="tax authority",
    periods=True,
    terms="https://fiscaldata.treasury.gov/about-us/",
)

URL = "https://api.fiscaldata.treasury.gov/services/api/fiscal_service/v1/accounting/od/rates_of_exchange"
FIELDS = "record_date,effective_date,country_currency_desc,exchange_rate"
MOST_ROWS = 10_000
# Four months reach back beyond a quarter, whose rows may be amended up to two months after its last day.
REACH = timedelta(days=123)
LATE = timedelta(days=6)  # the rows of 30 September 2026 were there on 6 October
DAY = timedelta(days=1)
CODES = {
    "Afghanistan-Afghani": "AFN", "Albania-Lek": "ALL", "Algeria-Dinar": "DZD", "Angola-Kwanza": "AOA",
    "Antigua & Barbuda-East Caribbean Dollar": "XCD", "Argentina-Peso": "ARS", "Armenia-Dram": "AMD",
    "Australia-Dollar": "AUD", "Austria-Schilling": "ATS", "Azerbaijan-Manat": "AZN", "Azerbaijan-Second Manat": "AZM",
    "Bahamas-Dollar": "BSD", "Bahrain-Dinar": "BHD", "Bangladesh-Taka": "BDT", "Barbados-Dollar": "BBD",
    "Belarus-New Ruble": "BYN", "Belarus-Ruble": "BYR", "Belgium-Francs": "BEF", "Belize-Dollar": "BZD",
    "Benin-Cfa Franc": "XOF", "Bermuda-Dollar": "BMD", "Bolivia-Boliviano": "BOB", "Bosnia-Marka": "BAM",
    "Botswana-Pula": "BWP", "Brazil-Real": "BRL", "Brunei-Dollar": "BND", "Bulgaria-Lev New": "BGN",
    "Burma-Kyat": "MMK", "Burundi-Franc": "BIF", "Cambodia-Riel": "KHR", "Cameroon-Cfa Franc": "XAF",
    "Canada-Dollar": "CAD", "Cape Verde-Escudo": "CVE", "Cayman Islands-Dollar": "KYD", "Chile-Peso": "CLP",
    "China-Renminbi": "CNY", "Colombia-Peso": "COP", "Comoros-Franc": "KMF", "Costa Rica-Colon": "CRC",
    "Croatia-Kuna": "HRK", "Cuba-Peso": "CUP", "Curacao-Caribbean Guilder": "XCG", "Cyprus-Pound": "CYP",
    "Czech Republic-Koruna": "CZK", "Democratic Republic Of Congo-Congolese Franc": "CDF", "Denmark-Krone": "DKK",
    "Djibouti-Franc": "DJF", "Dominican Republic-Peso": "DOP", "Egypt-Pound": "EGP", "Eritrea-Nakfa": "ERN",
    "Estonia-Kroon": "EEK", "Eswatini-Lilangeni": "SZL", "Ethiopia-Birr": "ETB", "Euro Zone-Euro": "EUR",
    "Fiji-Dollar": "FJD", "Finland-Markka": "FIM", "France-Franc": "FRF", "Gambia-Dalasi": "GMD",
    "Georgia-Lari": "GEL", "Germany-Mark": "DEM", "Ghana-Cedi": "GHS", "Ghana-Second Cedi": "GHC",
    "Greece-Drachma": "GRD", "Guatemala-Quetzal": "GTQ", "Guinea-Franc": "GNF", "Guyana-Dollar": "GYD",
    "Haiti-Gourde": "HTG", "Honduras-Lempira": "HNL", "Hong Kong-Dollar": "HKD", "Hungary-Forint": "HUF",
    "Iceland-Krona": "ISK", "India-Rupee": "INR", "Indonesia-Rupiah": "IDR", "Iran-Rial": "IRR", "Iraq-Dinar": "IQD",
    "Ireland-Pound": "IEP", "Israel-Shekel": "ILS", "Italy-Lira": "ITL", "Jamaica-Dollar": "JMD", "Japan-Yen": "JPY",
    "Jordan-Dinar": "JOD", "Kazakhstan-Tenge": "KZT", "Kenya-Shilling": "KES", "Korea-Won": "KRW",
    "Kuwait-Dinar": "KWD", "Kyrgyzstan-Som": "KGS", "Laos-Kip": "LAK", "Latvia-Lats": "LVL", "Lebanon-Pound": "LBP",
    "Lesotho-Maloti": "LSL", "Liberia-Dollar": "LRD", "Libya-Dinar": "LYD", "Lithuania-Lita": "LTL",
    "Luxembourg-Franc": "LUF", "Macao-Mop": "MOP", "Madagascar-Ariary": "MGA", "Malawi-Kwacha": "MWK",
    "Malaysia-Ringgit": "MYR", "Maldives-Rufiyaa": "MVR", "Maltese-Lira": "MTL", "Mauritania-Ouguiya": "MRU",
    "Mauritius-Rupee": "MUR", "Mexico-Peso": "MXN", "Moldova-Leu": "MDL", "Mongolia-Tugrik": "MNT",
    "Morocco-Dirham": "MAD", "Mozambique-Metical": "MZN", "Myanmar-Kyat": "MMK", "Namibia-Dollar": "NAD",
    "Nepal-Rupee": "NPR", "Netherlands Antilles-Guilder": "ANG", "Netherlands-Guilder": "NLG",
    "New Zealand-Dollar": "NZD", "Nicaragua-Cordoba": "NIO", "Nigeria-Naira": "NGN", "Norway-Krone": "NOK",
    "Oman-Rial": "OMR", "Pakistan-Rupee": "PKR", "Papua New Guinea-Kina": "PGK", "Paraguay-Guarani": "PYG",
    "Peru-Sol": "PEN", "Philippines-Peso": "PHP", "Poland-Zloty": "PLN", "Portugal-Escudo": "PTE",
    "Qatar-Riyal": "QAR", "Republic Of North Macedonia-Denar": "MKD", "Romania-New Leu": "RON",
    "Romania-Third Leu": "ROL", "Russia-Ruble": "RUB", "Rwanda-Franc": "RWF", "Sao Tome & Principe-Dobras": "STD",
    "Sao Tome & Principe-New Dobras": "STN", "Saudi Arabia-Riyal": "SAR", "Serbia-Dinar": "RSD",
    "Seychelles-Rupee": "SCR", "Sierra Leone-Leone": "SLE", "Singapore-Dollar": "SGD", "Slovak-Korun": "SKK",
    "Slovenia-Tolars": "SIT", "Solomon Islands-Dollar": "SBD", "Somali-Shilling": "SOS", "South Africa-Rand": "ZAR",
    "South Sudan-Sudanese Pound": "SSP", "Spain-Peseta": "ESP", "Sri Lanka-Rupee": "LKR", "Sudan-Pound": "SDG",
    "Sudan-Sudanese Pound": "SDG", "Suriname-Dollar": "SRD", "Swaziland-Lilangeni": "SZL", "Sweden-Krona": "SEK",
    "Switzerland-Franc": "CHF", "Syria-Pound": "SYP", "Taiwan-Dollar": "TWD", "Tajikistan-Somoni": "TJS",
    "Tanzania-Shilling": "TZS", "Thailand-Baht": "THB", "Tonga-Pa'Anga": "TOP", "Trinidad & Tobago-Dollar": "TTD",
    "Tunisia-Dinar": "TND", "Turkey-Lira": "TRL", "Turkey-New Lira": "TRY", "Turkmenistan-Manat": "TMM",
    "Turkmenistan-New Manat": "TMT", "Uganda-Shilling": "UGX", "Ukraine-Hryvnia": "UAH",
    "United Arab Emirates-Dirham": "AED", "United Kingdom-Pound": "GBP", "Uruguay-Peso": "UYU",
    "Uzbekistan-Som": "UZS", "Vanuatu-Vatu": "VUV", "Venezuela-Bolivar Soberano": "VES", "Vietnam-Dong": "VND",
    "Western Samoa-Tala": "WST", "Yemen-Rial": "YER", "Zambia-Kwacha": "ZMK", "Zambia-New Kwacha": "ZMW",
    "Zimbabwe-Gold": "ZWG",
}  # fmt: skip
# Names that are left out: of the dollar, of other rows of a shared currency, and of money that is not certain.
SHARED = ("-Cfa Franc", "-East Caribbean Dollar", "-Euro")
LEFT_OUT = {
    "Cuba-Chavito", "Ecuador-Dolares", "El Salvador-Colon", "El Salvador-Dolares", "El Salvador-Dollar",
    "Eritrea-Nakfa Salary Payment", "Jerusalem-Shekel", "Lesotho-South African Rand", "Liberia-U.S. Dollar",
    "Marshall Islands-Dollar", "Marshall Islands-U.S. Dollar", "Mauritania-First Ouguiya", "Micronesia-Dollar",
    "Micronesia-U.S. Dollar", "Palau-Dollar", "Panama-Balboa", "Panama-Dolares", "Republic Of Palau-Dollar",
    "Serbia-Euro Dinar", "Sierra Leone-Old Leone", "Sudan-Dinar", "Suriname-Guilder", "Timor-Leste Dili",
    "Timor-Leste-Dili", "Venezuela-Bolivar", "Venezuela-Bolivar Fuerte", "Venezuela-Fuerte", "Venezuela-Soberano",
    "Zimbabwe-Dollar", "Zimbabwe-Rtgs",
}  # fmt: skip
# The ouguiya kept its name when it became a tenth: its row of 30 June 2018 is the first in the new.
NEW_OUGUIYA = date(2018, 6, 30)
OLD_LEONE = 1000  # the leone kept its name when it became a thousandth: more units to the dollar are of the old
RENEWED = ("MRO", "SLL")  # figures of these went on after their end


def steps(query: Query) -> Steps:
    """The rows of the quarters that the days asked for touch, and of the one before, since it may have been amended."""
    first, last = query.start or query.today, query.end or query.today
    quotes: list[Quote] = []
    page, pages = 1, int(quarter_end(first) <= query.today)  # no row is there before its quarter's last day
    while page <= pages:
        reply = yield ask(first - REACH, last, page)
        quotes += parse(reply.body)
        pages, page = int(number(json_object(reply.body)["meta"]["total-pages"])), page + 1
    found = until_next(quotes)
    if not any(one.day <= last and (query.end is None or (one.valid_to or one.day) >= first) for one in found):
        hint = f"they are due on {due(last)}" if due(last) > query.today else ""
        raise NoRates(f"has no rates valid on {last}", hint=hint)
    return found


def ask(first: date, last: date, page: int = 1) -> Request:
    """The rows of the quarters that ended from first to last."""
    days = f"record_date:gte:{first},record_date:lte:{last}"
    params = {"fields": FIELDS, "filter": days, "page[number]": page, "page[size]": MOST_ROWS, "sort": "record_date"}
    return get(URL, params)


def due(on: date) -> date:
    """When the rates valid on a day can be there."""
    return quarter_end(on) + LATE


def quarter_end(on: date) -> date:
    """The newest last day of a quarter up to a day."""
    begin, end = next(periods(on, on, 3))
    return end if end == on else begin - DAY


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the names that are known, each valid to the day before the next one of its currency."""
    quotes, unknown = [], []
    for row in records(body, "data", error=("message",)):
        recorded, on, rate = day(row["record_date"]), day(row["effective_date"]), number(row["exchange_rate"])
        name = row["country_currency_desc"]
        code = _code(name, on, rate)
        if code in RENEWED:
            code, rate = renewed(code, rate, on)
        if code:
            _, following = next(periods(recorded + DAY, recorded + DAY, 3))
            quotes.append(Quote("USD", code, rate, on, following - DAY))
        elif name not in LEFT_OUT and not name.endswith(SHARED):
            unknown.append(name)
    passed_over(PROVIDER, unknown, quotes)
    return until_next(quotes)


def _code(name: str, on: date, rate: Decimal) -> str:
    """The currency of a name, "" for one that is left out; of money that kept its name, by day or value."""
    code = CODES.get(name, "")
    if code == "MRU" and on < NEW_OUGUIYA:
        return "MRO"
    return "SLL" if code == "SLE" and rate > OLD_LEONE else code
