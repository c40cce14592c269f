"""Countries and the states of some, as exports spell them: which region a text is, and how a mapping spells it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache

from babel import Locale

from ecosystem.imports.guess.vocabulary import plain
from ecosystem.regions import Regions

_LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "ja", "ko", "zh")
_ALSO = {
    "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB", "great britain": "GB", "el": "GR",
    "holland": "NL", "ivory coast": "CI", "uk": "GB", "korea": "KR", "republic of ireland": "IE", "usa": "US",
}  # fmt: skip
CONTINENTS = frozenset(
    [
        "africa asia europe america",
        "north america",
        "south america",
        "latin america",
        "oceania",
        "australasia",
        "middle east",
        "apac",
        "emea",
        "asia pacific",
        "latam",
        "mena",
        "europa",
        "afrika",
        "afrique",
        "americas",
        "世界",
        "亚洲",
        "欧洲",
        "北美",
        "亜洲",
        "アジア",
        "欧州",
        "northern america",
        "western europe",
        "eastern europe",
        "global",
        "worldwide",
        "asia & pacific",
        "us & canada",
        "asia",
        "europe",
        "africa",
    ]
) | {"africa", "asia", "europe", "america"}
_STATES: Mapping[str, str] = {
    "US": "al|ak|az|ar|ca|co|ct|de|dc|fl|ga|hi|id|il|in|ia|ks|ky|la|me|md|ma|mi|mn|ms|mo|mt|ne|nv|nh|nj|nm|ny|nc"
    "|nd|oh|ok|or|pa|pr|ri|sc|sd"
    "|tn|tx|ut|vt|va|wa|wv|wi|wy|alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware"
    "|district of columbia|florida"
    "|georgia|hawaii|idaho|illinois|indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan"
    "|minnesota|mississippi"
    "|missouri|montana|nebraska|nevada|new hampshire|new jersey|new mexico|new york|north carolina|north dakota"
    "|ohio|oklahoma|oregon"
    "|pennsylvania|puerto rico|rhode island|south carolina|south dakota|tennessee|texas|utah|vermont|virginia"
    "|washington|west virginia"
    "|wisconsin|wyoming",
    "CA": "ab|bc|mb|nb|nl|ns|nt|nu|on|pe|qc|sk|yt|alberta|british columbia|manitoba|new brunswick"
    "|newfoundland and labrador|nova scotia"
    "|ontario|prince edward island|quebec|saskatchewan",
    "BR": "ac|al|ap|am|ba|ce|df|es|go|ma|mt|ms|mg|pa|pb|pr|pe|pi|rj|rn|rs|ro|rr|sc|sp|se|to|sao paulo"
    "|rio de janeiro|minas gerais|bahia|parana"
    "|santa catarina|rio grande do sul|pernambuco|ceara|goias|distrito federal|espirito santo|amazonas|paraiba|para",
    "AU": "nsw|vic|qld|wa|sa|tas|act|nt|new south wales|victoria|queensland|western australia|south australia|tasmania",
    "DE": "baden wurttemberg|bayern|bavaria|berlin|brandenburg|bremen|hamburg|hessen|hesse|mecklenburg vorpommern"
    "|niedersachsen|lower saxony"
    "|nordrhein westfalen|north rhine westphalia|rheinland pfalz|rhineland palatinate|saarland|sachsen|saxony"
    "|sachsen anhalt|schleswig holstein"
    "|thuringen|thuringia",
    "FR": "auvergne rhone alpes|bourgogne franche comte|bretagne|centre val de loire|corse|grand est"
    "|hauts de france|ile de france|normandie"
    "|nouvelle aquitaine|occitanie|pays de la loire|provence alpes cote d azur|la reunion|guadeloupe|martinique"
    "|guyane|brittany|normandy",
    "IN": "andhra pradesh|assam|bihar|chandigarh|chhattisgarh|delhi|new delhi|goa|gujarat|haryana"
    "|himachal pradesh|jharkhand|karnataka|kerala"
    "|madhya pradesh|maharashtra|odisha|orissa|puducherry|punjab|rajasthan|tamil nadu|telangana|uttar pradesh"
    "|uttarakhand|west bengal",
    "IT": "abruzzo|basilicata|calabria|campania|emilia romagna|friuli venezia giulia|lazio|liguria|lombardia"
    "|lombardy|marche|molise|piemonte"
    "|piedmont|puglia|sardegna|sicilia|toscana|tuscany|trentino alto adige|umbria|valle d aosta|veneto",
    "ES": "andalucia|aragon|asturias|baleares|illes balears|islas baleares|canarias|cantabria|castilla la mancha"
    "|castilla y leon|cataluna|catalunya"
    "|catalonia|comunidad de madrid|madrid|comunidad valenciana|comunitat valenciana|extremadura|galicia|la rioja"
    "|navarra|pais vasco|euskadi|murcia",
    "JP": "北海道|青森県|岩手県|宮城県|秋田県|山形県|福島県|茨城県|栃木県|群馬県|埼玉県|千葉県|東京都"
    "|神奈川県|新潟県|富山県|石川県|福井県|山梨県|長野県"
    "|岐阜県|静岡県|愛知県|三重県|滋賀県|京都府|大阪府|兵庫県|奈良県|和歌山県|鳥取県|島根県|岡山県"
    "|広島県|山口県|徳島県|香川県|愛媛県|高知県|福岡県"
    "|佐賀県|長崎県|熊本県|大分県|宮崎県|鹿児島県|沖縄県|tokyo|osaka|kyoto|hokkaido|kanagawa|aichi"
    "|fukuoka|hyogo|saitama|chiba",
    "DK": "hovedstaden|region hovedstaden|midtjylland|region midtjylland|syddanmark|region syddanmark|nordjylland"
    "|region nordjylland|sjaelland|region sjaelland|capital region of denmark|central denmark|southern denmark",
    "NO": "oslo|rogaland|more og romsdal|nordland|viken|innlandet|vestfold og telemark|agder|vestland|trondelag"
    "|troms og finnmark|akershus|buskerud|ostfold|vestfold|telemark|troms|finnmark",
    "SE": "stockholms lan|uppsala lan|sodermanlands lan|ostergotlands lan|jonkopings lan|kronobergs lan|kalmar lan"
    "|gotlands lan|blekinge lan|skane lan|hallands lan|vastra gotalands lan|varmlands lan|orebro lan|vastmanlands lan"
    "|dalarnas lan|gavleborgs lan|vasternorrlands lan|jamtlands lan|vasterbottens lan|norrbottens lan|skane"
    "|vastra gotaland",
    "NL": "drenthe|flevoland|friesland|fryslan|gelderland|groningen|limburg|noord brabant|north brabant|noord holland"
    "|north holland|overijssel|utrecht|zeeland|zuid holland|south holland",
    "PL": "dolnoslaskie|kujawsko pomorskie|lubelskie|lubuskie|lodzkie|malopolskie|mazowieckie|opolskie|podkarpackie"
    "|podlaskie|pomorskie|slaskie|swietokrzyskie|warminsko mazurskie|wielkopolskie|zachodniopomorskie",
    "AT": "burgenland|karnten|niederosterreich|oberosterreich|salzburg|steiermark|tirol|vorarlberg|wien",
    "KR": "서울|서울특별시|부산|부산광역시|대구|대구광역시|인천|인천광역시|광주|광주광역시|대전"
    "|대전광역시|울산|울산광역시|세종|세종특별자치시|경기|경기도"
    "|강원|강원도|강원특별자치도|충북|충청북도|충남|충청남도|전북|전라북도|전북특별자치도|전남"
    "|전라남도|경북|경상북도|경남|경상남도|제주|제주특별자치도"
    "|seoul|busan|incheon|daejeon|daegu|gyeonggi do|gyeonggi",
}
STATES: Mapping[str, frozenset[str]] = {country: frozenset(names.split("|")) for country, names in _STATES.items()}
"""Country -> the names and codes of its states, as `plain` writes them."""


@cache
def _named() -> Mapping[str, str]:
    """Names of countries in ten languages -> ISO code."""
    names: dict[str, str] = {}
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB", "XK"}:
                names.setdefault(plain(name), code)
    return names | _ALSO


def country_of(text: str, regions: Regions) -> str | None:
    """The id of the country that a text names or codes; None where it is none."""
    known = regions.find(text, level="country")
    if known is not None:
        return known
    code = _named().get(plain(text))
    if code in {"HK", "TW", "MO"}:
        return {"HK": "810000", "TW": "710000", "MO": "820000"}[code]
    return code if code is not None and regions.find(code, level="country") else None


def country_to_spell(text: str, regions: Regions) -> str | None:
    """How a mapping has to spell the country that a text names, where the regions do not know the text itself."""
    found = country_of(text, regions)
    return found if found is not None and regions.find(text) is None else None


def states_of(texts: Collection[str]) -> list[str]:
    """The countries of which nearly all of the texts are states; several where codes are those of several."""
    names = {plain(text) for text in texts}
    if not names:
        return []
    found = [country for country, states in STATES.items() if len(names & states) >= 0.95 * len(names)]
    return sorted(found, key=lambda country: -len(names & STATES[country]))
