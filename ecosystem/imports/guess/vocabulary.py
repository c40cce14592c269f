"""Words in the names of columns, in nine languages: what a column tells, and whom it tells it of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from ecosystem.imports.guess.kind_words import KINDS
from ecosystem.messages import tr_later

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SCRIPTS = re.compile(
    r"(?<=[\u3040-\u9fff\uac00-\ud7af])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u3040-\u9fff\uac00-\ud7af])"
)
_MARKS = re.compile("[\u0300-\u036f]")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "ı": "i"})
_BREAKS = re.compile(r"[\s_\-./:,;|()\[\]{}<>\"'’=+*]+")

SUBJECTS: Sequence[tuple[str, str]] = (
    (
        "person",
        r"\b(co ?)?(author|inventor|investigator|founder|person|individual|officer|director|presenter|ceo)s?\b"
        r"(?!.*\b(institution|affiliation|organi[sz]ation|company)s?\b)|发明人|発明者|作者|创始人|발명자",
    ),
    (
        "organisation",
        r"\bawardees?\b|\brecipients?\b|\bgrantees?\b|\bwinners?\b|\bwin\b|zuwendungsempfang|\bempfanger|begunstigte"
        r"|\bbeneficiaires?\b|\bsaajat?\b|\bmottaker|\bbidragsmottagare|中标(单位|企业|人)|承担单位|受助",
    ),
    ("lead", r"\b(lead|sole)\b.*investor|领投|リード投資"),
    (
        "investor",
        r"investors?\b|\bbackers?\b|\bvc (firm|fund|name)|venture capital firm|investing (firm|fund)|\bfund name\b"
        r"|\bfunds?$|kapitalgeber|geldgeber|investisseur|inversor|inversionista|investidor|investitor"
        r"|投资方|投资机构|投资人"
        r"|投资者|投資家|投資会社|出資者|引受先|투자자|투자사|투자기관"
        r"|\binvestor(er|es|i)?\b|\bsijoitta\w+|\binvesteerder\w*|\binwestor\w*|\byatirimci\w*|инвестор\w*",
    ),
    (
        "acquirer",
        r"acquir[eo]r|\bpurchaser\b|kaufer|erwerber|acquereur|adquirente|comprador"
        r"|acquirente|收购方|买方|買収者"
        r"|買い手|인수자|인수기업"
        r"|\bkjoper\b|\bkopare\b|покупатель",
    ),
    (
        "supplier",
        r"suppliers?\b|\bvendor|\bseller|lieferant|fournisseur|proveedor|fornecedor|fornitore|供应商"
        r"|供货|サプライヤ|仕入先|供給元"
        r"|공급(사|자|업체)|납품",
    ),
    (
        "customer",
        r"customers?\b|\bbuyers?\b|\bclients?\b|abnehmer|\bkunde|cliente|客户|采购方|顧客|納入先"
        r"|取引先|고객|구매(사|자)",
    ),
    (
        "applicant",
        r"applicants?\b|assignees?\b|patentees?\b|proprietors?\b|\bowners?\b(?! (org|title))"
        r"|anmelder|deposant|demandeur"
        r"|solicitante|titular\b|richiedente|requerente|申请人|专利权人|出願人|権利者|출원인|권리자",
    ),
    ("alliance", r"alliances?\b|consorti(um|a)\b|\bassociation\b|coalition|联盟|協会|컨소시엄|협회|verband\b"),
    ("member", r"\bmembers?\b|mitglied|membre|miembro|membro|成员|会员|会員|회원"),
    (
        "university",
        r"universit|\bacademic (partner|institution)|\buni\b|hochschule|\bcollege|\bschools?\b"
        r"|higher education|\bcampus\b|高校|大学|院校|学校"
        r"|대학|universidad|ateneo"
        r"|\buniwersytet|\byliopisto|вуз\b|университет|\bhogskol",
    ),
    ("institute", r"institutes?\b|research (cent|org)|laborator|\blabs?\b|研究所|研究院|科研|연구소|연구원"),
    (
        "affiliation",
        r"affiliations?\b|\binstitutions?\b|所属(?!省|市|区|县|城市|地|国|行业|领域|州|赛道)|(?<!组织)机构|機関|소속|기관",
    ),
    (
        "agency",
        r"\bagency\b|\bowner (org|title)|\bfunders?\b|\bsponsors?\b|\bministry\b|\bbranch\b|awarding|资助机构|発注|부처"
        r"|issuing|\bissuer\b"
        r"|\bauthority\b|\bjurisdiction\b|发文|发布机构|发布单位|制定機関|기관명",
    ),
    ("accelerator", r"accelerator|incubator|加速器|孵化|アクセラ|액셀러"),
    ("parent", r"\bparent\b|ultimate|\bgroup\b|holding|subsidiar|mutter|maison mere|母公司|集团|親会社|모회사"),
    (
        "deal",
        r"\b(deal|round|transaction|funding|financing|investments?|investmentn|acquisitions?|finanzierung|levee"
        r"|ronda|rodada)s?\b|融资|投资事件|交易|轮|ラウンド|調達|라운드|투자유치|거래"
        r"|\baporte\b|\brund(e|a)\b|投融资",
    ),
    (
        "patent",
        r"\bpatents?\b|\bpublication (number|no|date)\b|\bapplication (number|no|date)\b|\bfiling\b|\bgrant date\b"
        r"|\bipc\b|\bcpc\b|brevet|patente|专利|公开号|申请号|申请日|公开日|特許|出願|公開番号|특허|출원",
    ),
    (
        "project",
        r"\bprojects?\b|\bgrants?\b|\bawards?\b|\bcall\b|\btopics?\b|\bprogram(me)?s?\b|solicitation|projekt"
        r"|projet|proyecto|projeto|progetto|项目|課題|事業(?!内容|者|部)|과제|사업(?!자)"
        r"|\bprosjekt|\bhanke\b|\bprojekti\b|проект|fordervorhaben|verbundprojekt|vorhaben\b"
        r"|forderkatalog|forder(summe|profil|art)",
    ),
    ("paper", r"\bpapers?\b|\bdoi\b|\bworks?\b|\barticles?\b|\bjournal\b|\bcited\b|\bcitations?\b|论文|論文|논문"),
    (
        "policy",
        r"polic(y|ies)\b|\bregulations?\b|\blaws?\b|\bstrateg(y|ies)\b|legislation|\binstrument\b|\binitiatives?\b"
        r"|richtlinie|politique|politica|政策|法规|条例|施策|정책|법령",
    ),
    (
        "conference",
        r"conferences?\b|\bcongress\b|workshop|symposium|konferenz|conferenza|conferencia|会议|学会"
        r"|大会|학회|컨퍼런스",
    ),
    ("park", r"\b(science|technology|industrial|business)? ?parks?\b|园区|産業団地|단지"),
    (
        "product",
        r"\bproducts?\b|\bmodel\b|\bcomponents?\b|\bparts?\b|\bgoods?\b|\bmaterial|produkt|produit|producto|产品|製品"
        r"|제품|품목",
    ),
    (
        "company",
        r"compan(y|ies)\b|start ?ups?\b|\bfirms?\b|\bfirma\b|\bunternehmen|\bentreprise|\bsociete|\bempresas?\b"
        r"|\bcompania\b|\bazienda|\bimpresa|\bbusiness\b|\binvestee\b|\btarget\b|\bportfolio\b|\bventure\b"
        r"|\bemployer\b|企业|公司|被投|标的|会社|企業|法人|회사|기업|업체|법인|razao social"
        r"|razon social|ragione sociale|raison sociale"
        r"|商号|상호"
        r"|\bvirksomhed|\bselskap\b|\bselskab\b|\bforetak\b|\bforetag\b|\bbolag\b|\byritys|\bbedrijf"
        r"|\bspolka\b|\bfirmy?\b|\bspolecnost|\bsirket|компани|предприяти|организация|\bperusahaan\b"
        r"|\bspin ?(out|off)s?\b|\bbetrieb\b",
    ),
    (
        "partner",
        r"partners?\b|partecipant|teilnehm|koordinator|coordinat(or|eur|ore)|coordinador|coordenador"
        r"|parceir|partenaire|projektpartner|participantes?\b|collaborators?\b|participants?\b"
        r"|beneficiar|coordinator|subcontractor|合作|提携"
        r"|参加機関|参画|파트너|협력"
        r"|참여기관|socio",
    ),
    (
        "organisation",
        r"\borgani[sz]ations?\b|\borgs?\b|\bentit(y|ies)\b|einrichtung|organisme|organismo|组织|单位|団体|조직|단체",
    ),
)
"""Whom a column is of -> words, in the order in which they are tried."""

TABLES: Sequence[tuple[str, str]] = (
    *(
        (subject, words)
        for subject, words in SUBJECTS
        if subject not in {"deal", "partner", "affiliation", "agency", "product", "person"}
    ),
    ("deal", dict(SUBJECTS)["deal"]),
)
"""What a file is called -> what its rows are."""


def plain(name: str) -> str:
    """The words of a name in small letters without accents: `CompanyName`, `company_name` and `Company name` "
    "are one."""
    spaced = _BREAKS.sub(" ", _SCRIPTS.sub(" ", _CAMEL.sub(" ", unicodedata.normalize("NFKC", name))))
    bare = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", spaced.casefold())))
    return " ".join(bare.translate(_LETTERS).split())


def kinds_of(name: str) -> list[str]:
    """What a column of this name may tell, the likeliest first."""
    return [kind for kind, words in _COMPILED_KINDS if words.search(name)]


def subject_of(name: str) -> str | None:
    """Whom a column of this name is of; None where it does not say."""
    return next((subject for subject, words in _COMPILED_SUBJECTS if words.search(name)), None)


def table_subject(name: str) -> str | None:
    """What the rows of a file of this name are; None where it does not say."""
    return next((subject for subject, words in _COMPILED_TABLES if words.search(name)), None)


_COMPILED_KINDS = tuple((kind, re.compile(words)) for kind, words in KINDS)
_COMPILED_SUBJECTS = tuple((subject, re.compile(words)) for subject, words in SUBJECTS)
_COMPILED_TABLES = tuple((subject, re.compile(words)) for subject, words in TABLES)

SUBJECT_WORDS: Mapping[str, str] = {
    "company": tr_later("company"),
    "organisation": tr_later("organisation"),
    "investor": tr_later("investor"),
    "lead": tr_later("lead investor"),
    "person": tr_later("person"),
    "acquirer": tr_later("acquirer"),
    "supplier": tr_later("supplier"),
    "customer": tr_later("customer"),
    "applicant": tr_later("applicant"),
    "alliance": tr_later("alliance"),
    "member": tr_later("member"),
    "partner": tr_later("partner"),
    "university": tr_later("university"),
    "institute": tr_later("institute"),
    "affiliation": tr_later("institution"),
    "agency": tr_later("agency"),
    "accelerator": tr_later("accelerator"),
    "parent": tr_later("parent company"),
    "deal": tr_later("deal"),
    "patent": tr_later("patent"),
    "project": tr_later("project"),
    "paper": tr_later("paper"),
    "policy": tr_later("policy"),
    "conference": tr_later("conference"),
    "park": tr_later("park"),
    "product": tr_later("product"),
    "other": tr_later("other organisation"),
    "row": tr_later("row"),
}
"""What each subject is called in a comment; for `tr`."""
