"""Words in the names of columns, in nine languages, for what a column tells."""

from __future__ import annotations

from collections.abc import Sequence

KINDS: Sequence[tuple[str, str]] = (
    ("count", r"^(num|number of|no of|count of)\b(?!.*(employee|staff))|(?<!employee)(?<!employees)(?<!staff) count$"),
    (
        "rownum",
        r"^(no|nr|n|num|sr no|s no|sl no|lfd nr|serial( no| number)?|row( no| number| id)?|index|unnamed 0"
        r"|序号|連番|番号|번호|순번|#)$|^$",
    ),
    (
        "email",
        r"\be ?mails?\b|\bmail\b|邮箱|邮件|メール|이메일|correo|courriel"
        r"|e ?post|эл ?почта",
    ),
    (
        "phone",
        r"\b(tele)?phones?\b|\btel\b|telefon|telephone|\bmobile\b|\bfax\b|电话|手机|電話|전화|telefono"
        r"|телефон|telefoon",
    ),
    (
        "person",
        r"\b(ceo|cfo|cto|chairman|president|inventors?|investigators?|surname|executives?|people|pi name)\b"
        r"|\bauthors?\b(?! affiliations?| institutions?)"
        r"|\b(co ?)?founders?\b|\bcontacts?( name| person)?$|\b(director|officer)s?( name)?$|\bangels?\b"
        r"|\b(first|last|full|given|family) name\b|\bofficers?\b|team leader|\bowner name\b|\bpresenters?\b"
        r"|geschaftsfuhr|inhaber|vorstand|ansprechpartner|erfinder|grunder\b|dirigeant|gerant\b|fondateur|inventeur"
        r"|representante|fundador|administrador|inventor|autor(es)?\b|amministratore|legale rappresentante|fondator"
        r"|代表者|代表取締役|代表人|法定代表|法人代表|联系人|创始人|负责人|发明人|発明者|作者|著者"
        r"|대표|설립자|창업자|발명|담당자|저자"
        r"|grundlegger|direktor|prezes|kurucu|основател|директор|учредител",
    ),
    (
        "currency",
        r"\bcurrency\b|wahrung|\bdevise\b|\bmoneda\b|\bmoeda\b|\bvaluta\b|币种|货币|通貨|통화"
        r"|\bvaluuta\b|валюта|\bpara birimi\b",
    ),
    ("coordinates", r"geo ?location|\bcoordinates?\b|koordinaten|coordonnees|坐标|座標|좌표"),
    ("latitude", r"\blat(itude)?\b|纬度|緯度|위도|breitengrad"),
    ("longitude", r"\b(lng|lon|long|longitude)\b|经度|経度|경도|langengrad"),
    (
        "postcode",
        r"\bzip\b|post ?code|postal|\bplz\b|\bcap\b|\bcep\b|邮编|邮政编码|郵便番号|우편번호"
        r"|postnummer|postnr\b|\bpostinumero|kod pocztowy|\bpsc\b|posta kodu|почтовый индекс|индекс",
    ),
    (
        "url",
        r"\b(url|website|web ?page|web ?site|homepage|home page|domain|linkedin|twitter|facebook|crunchbase|link)\b"
        r"|\b(contact )?form$|\buri\b|webseite|site web|sitio web|pagina web|\bsite\b|\bweb\b|网址"
        r"|网站|官网|サイト|ホームページ"
        r"|홈페이지|웹사이트"
        r"|hjemmeside|hemsida|nettsted|verkkosivu|strona www|\bwww\b|сайт",
    ),
    (
        "alias",
        r"\b(alias(es)?|acronyms?|short ?name|other names?|local name|former name|previous names?|aka|trade name"
        r"|trading name"
        r"|brand|english name|name en|nickname)\b|kurzname|nom commercial|sigle|简称|英文名|别名|略称"
        r"|英語名|영문|약칭"
        r"|nome fantasia|nombre comercial"
        r"|曾用名|\bformerly\b|\bformer names?\b",
    ),
    (
        "legal_name",
        r"\blegal ?(entity )?name\b|registered name|full ?name of (the )?company|全称|工商名|法定名"
        r"|正式名称|raison sociale"
        r"|razon social|razao social|ragione sociale|법인명"
        r"|полное наименование",
    ),
    (
        "legal_form",
        r"legal ?form|legal status|legal structure|rechtsform|forme juridique|forma juridica|forma giuridica"
        r"|natura giuridica"
        r"|company ?category$|\bentity type\b|企业类型|公司类型|法人格|法人種別|기업형태|기업구분"
        r"|virksomhedsform|selskapsform|organisasjonsform|bolagsform|yhtiomuoto|rechtsvorm|forma prawna"
        r"|pravni forma|организационно правовая",
    ),
    (
        "total",
        r"\btotal (equity )?(funding|raised|amount raised|investment)|funding total|money raised to date"
        r"|raised to date|cumulative funding|融资总额|累计融资|累計調達|누적 ?투자"
        r"|\btotal captado\b|\btotal leve\b|\btotal rais\w+",
    ),
    (
        "valuation",
        r"valuation|post money|pre money ?cap|unternehmenswert|valorisation|valoracion|估值"
        r"|市值|評価額|時価総額|기업가치|시가총액"
        r"|verdiansettelse|waardering|wycena|ocena wartosci|оценка",
    ),
    (
        "revenue",
        r"revenue|turnover|\bsales\b|umsatz|chiffre d ?affaires|\bca\b|ingresos|facturacion|faturamento|fatturato"
        r"|ricavi|营业收入|营收|収入|売上|매출"
        r"|omsetning|omsaetning|omsattning|nettoomsattning|liikevaihto|omzet|przychod|trzby|\bciro\b"
        r"|выручка|оборот",
    ),
    (
        "capital",
        r"share capital|registered capital|paid up capital|authori[sz]ed capital|stammkapital|grundkapital"
        r"|\bcapital social\b|capitale( sociale)?|^capital$|注册资本|注册资金|資本金|자본금"
        r"|aksjekapital|aktiekapital|selskabskapital|kapital zakladowy|уставн\w+ капитал",
    ),
    (
        "employees",
        r"employees?\b|headcount|workforce|\bstaff\b|\bfte\b|mitarbeiter|beschaftigte|effectif|salaries|empleados"
        r"|funcionarios|dipendenti|addetti|员工|人数|従業員|직원|종업원|임직원|company size"
        r"|\bansatte\b|anstallda|henkilosto|tyontekij|werknemers|medewerkers|zatrudni\w+|pracownik\w*"
        r"|zamestnanc\w*|calisan|сотрудник\w*|численность|colaboradores|trabajadores|plantilla",
    ),
    (
        "end_date",
        r"\b(end|exit|close(d)? (down )?|closing|dissol\w*|cessation|expir\w*|deadline|due|update\w*|modified"
        r"|created|crawl\w*|retriev\w*|renewal|ended)( ?(date|year|at|on|time))?\b"
        r"|last (funding|round|accounts?|made up|update\w*|return)|\bnext\b|enddatum|loschung|date de fin"
        r"|fecha de fin|data fine|更新|注销|截止|終了|更新日|종료|수정"
        r"|\blaufzeit bis\b|\bslutdato\b|\bslutdatum\b|\bdate termination\b|\bto date\b|\bleft( on)?\b"
        r"|\bcompletion\b|\bdata zakonczenia\b|дата окончания",
    ),
    (
        "founded",
        r"\bfound(ed|ation|ing)\b|\binception\b|establish\w*|incorporat\w*|date of registration|registration date"
        r"|\bborn\b|grundung|gegrundet|eintragung|date de creation|creation|fondation|constitucion|fundacion"
        r"|fundada|\bfundacao|abertura|costituzione|fondazione|成立|设立|創業|創立|設立|설립|창립"
        r"|\bstiftet\b|stiftelsesdato|grundad|grundat|registreringsdatum|perustettu|perustamis\w+"
        r"|rekisterointi\w+|opgericht|oprichting\w*|zalozen\w*|vznik\b|datum vzniku|kurulus|основан"
        r"|дата регистрации|год основания|год создания|\blaunch(ed)?( date| year)?\b|\bfondee?\b"
        r"|\bfundad[oa]\b|\bcriada?\b|\bano de fundac",
    ),
    ("continent", r"\bcontinent\b|大洲|大陸|대륙"),
    (
        "country",
        r"\bcountr(y|ies)\b|\bnation(ality)?\b|\bland\b|\bpays\b|\bpais\b|\bpaese\b|\bnazione\b|\bcc\b"
        r"|国家|国别|国名|国籍"
        r"|^国$|국가|국적"
        r"|\bmaa\b|^kraj$|\bulke\b|страна|\bstaat\b|\bnegara\b|\bland(kode)?\b",
    ),
    (
        "state",
        r"\b(state|province|county|prefecture|canton|departement|department code|provincia|estado|distrito"
        r"|comunidad autonoma)\b|bundesland|\buf\b|\bregione\b|省|都道府県|州$|시도|도$|광역"
        r"|\bfylke\b|\blan\b|maakunta|wojewodztwo|^kraj$|\bregierungsbezirk\b|\bgewest\b|область"
        r"|\bdepartamento\b|\bkanton\b",
    ),
    (
        "city",
        r"\b(city|town|municipality|commune|ville|ciudad|cidade|citta|comune|localidad|municipio|post ?town"
        r"|locality|ort|stadt|sitz|siege)\b|城市|^市|市区町村|市町村|도시|시군구"
        r"|^by(navn)?$|\bkommune\b|\bpoststed\b|\bkommun\b|\bpostort\b|kotipaikka|kaupunki|\bplaats\b"
        r"|vestigingsplaats|\bmiasto\b|miejscowosc|\bmesto\b|\bobec\b|\bsehir\b|город|\bgemeinde\b"
        r"|\bkota\b|siedziba",
    ),
    (
        "address",
        r"street|\baddress|adresse|address ?line|direccion|endereco|indirizzo|\bstrasse\b|\bvia\b|地址"
        r"|住所|주소"
        r"|\badres(se|s)?\b|\bosoite\b|адрес",
    ),
    (
        "place",
        r"\b(location|headquarters?|hq|place|venue|based in|region|metro"
        r"|(?<!research )(?<!focus )(?<!subject )area|standort|lieu|localisation|ubicacion"
        r"|localizacao|sede|luogo)\b|地点|地区|所在|소재지|注册地|总部|地域|場所|本社|지역|본사|위치|개최지"
        r"|\bsijainti\b|lokalizacja|регион|местоположение",
    ),
    (
        "status",
        r"\bstatus\b|\bstate of\b|\bactive\b|\bstatut\b|estado actual|situacao|stato\b|状态|状態|狀態|상태"
        r"|\bstan\b(?! )|\btila\b|\bstav\b|статус|\bdurum\b",
    ),
    (
        "round",
        r"\b(rounds?|series|stages?|deal type|investment type|funding type|transaction type|vc round)\b"
        r"|investmentn ?type|finanzierungsrunde|\btour\b|\bronda\b|\brodada\b|轮次|轮|阶段|ラウンド"
        r"|シリーズ|라운드|단계|투자단계"
        r"|\brund(e|a)\b|investeringsrunde|finansieringsrunde|kierros|раунд|стадия|\betap\b|estagio"
        r"|\betapa\b|\bfase\b",
    ),
    (
        "amount",
        r"\b(amount|raised|(deal|round|ticket|fund|cheque|check|investment) size|funding|price"
        r"|consideration|value|contribut(ion|o|i)s?"
        r"|contribuicao|contribucion|zuwendung|forderung|forderbetrag|foerderbetrag|subvention"
        r"|subvencion|financement|budget|award amount|grant"
        r"|cost|investment|volume|montant|importe|monto|cuantia|valor|importo|betrag|volumen|summe|dotation)\b|金额"
        r"|融资额|交易额|价格|金額|調達額|출자액|금액|투자금|투자액|투자유치"
        r"|\bbelop\b|\bbelob\b|belopp|summa\b|\bbedrag\b|\bkwota\b|\bcastka\b|\btutar\b|сумма|\baporte\b"
        r"|\binversion\b|\binvestimento\b|fordersumme|fordermittel|zuwendungssumme|dofinansowanie|tilskud"
        r"|tilskudd|\bbidrag\b|\bgrant offered\b|\bobligated\b|\bobligation\b|\bcaptad[oa]\b",
    ),
    (
        "share",
        r"%|percent|\bshare\b|\bstake\b|anteil|pourcentage|\bparticipacion\b|比例|占比|持股|割合|지분|비율"
        r"|\budzial\b",
    ),
    ("rank", r"\brank(ing)?\b|排名|名次|順位|순위|\brang\b|\bposicion\b|classifica"),
    ("score", r"\b(score|reputation|index value|rating|points?|citations per|ratio)\b|得分|评分|評価|스코어|점수"),
    (
        "count",
        r"\b(number of|count|no of|num|how many|citations?|cited by|works|papers|patents|publications|members"
        r"|students)\b|anzahl|nombre de|numero de|论文数|专利数|数量|件数|건수",
    ),
    (
        "year",
        r"\b(year|batch|cohort|fy|jahr|annee|ano|anno|vintage|joined|since|seit|depuis|desde|dal)\b"
        r"|年份|年度|^年$|年次|연도|년도"
        r"|\bvuosi\b|\bar\b|\bjaar\b|\brok\b|\byil\b|\bгод\b",
    ),
    (
        "date",
        r"\b(date|day|datum|fecha|data|time|when|announced|held|start(ed)?|month|on)\b|日期|时间|日付"
        r"|年月日|날짜|일자|시기|일$|_at$"
        r"|\bdato\b|\bpaivamaara\b|\bpvm\b|\bdatum\w*|investeringsdato|\btarih\b|дата|\btanggal\b",
    ),
    (
        "industry",
        r"\b(industr(y|ies)|sectors?|vertical|sub ?vertical|category (list|groups?)( list)?|categories"
        r"|(industry|business) category|tags?|keywords?|field"
        r"|market|focus( area)?|themes?|technology|domain area|branche|wirtschaftszweig|secteur|activite|sector"
        r"|setor|settore|attivita|actividad|atividade|nace|sic|naics|cnae|ateco|ape|naf|wz|specialit\w+|topics?"
        r"|subject|concepts?|ipc|cpc|gics)\b|sic ?code|行业|领域|赛道|産業|業種"
        r"|事業内容|分野|업종|산업|분야|标签"
        r"|\bbransch?e?\b|\bnaering\w*|toimiala|\bbranza\b|\bobor\b|\bsektor\b|отрасль|сектор|\bokved\b"
        r"|оквэд|\bpkd\b|\bsegment\w*|thematique|\bsni\b|\bsektore?\b",
    ),
    (
        "description",
        r"\b(description|overview|summary|abstract|about|profile|notes?|remarks?|comments?|objective|pitch"
        r"|details?|biography|text)\b|beschreibung|bemerkung|descripcion|descricao|descrizione|简介"
        r"|介绍|备注|摘要|说明|概要"
        r"|備考|요약|설명|소개|비고"
        r"|beskrivelse|beskrivning|kuvaus|omschrijving|\bopis\b|\bpopis\b|aciklama|описание",
    ),
    ("language", r"\b(language|lang|sprache|langue|idioma|lingua)\b|语言|言語|언어"),
    (
        "id",
        r"\b(id|ids|uuid|guid|identifier|permalink|number|no|nr|num|code|key|ref|reference|siren|siret|lei|duns"
        r"|uei|cik|isin|ein|vat|ror|grid|isni|doi|hrb|cin|cnpj|nif|cif|nipc|piva|crn|rcs|orcid|tracking number"
        r"|contract|ticker|symbol|wikidata|fundref|slug|rcn|pic)\b"
        r"|nummer|numero|aktenzeichen|partita iva|codice|codigo|代码|编号|番号|登记号|证号|번호|코드"
        r"|\b(pk|fk|uid|cvr|org ?nr|orgnr|y ?tunnus|kvk|bsin|nip|krs|regon|ico|dic|vkn|inn|ogrn)\b|инн\b"
        r"|огрн\b|organisasjonsnummer|organisationsnummer|\bbr ?nr\b",
    ),
    (
        "type",
        r"\b(type|types|kind|category|class|art|typ|tipo|nature|activity ?type|organisation type|sme"
        r"|role)\b|类型|类别"
        r"|性质|種別|区分|種類|유형|구분|종류"
        r"|\brodzaj\b|\b\w*typ\w{0,2}\b|\bslag\b|тип\b|вид\b",
    ),
    (
        "title",
        r"\b(title|titel|titre|titulo|titolo|headline|subject line)\b|标题|题目|题名|名称|件名"
        r"|発明の名称|제목|과제명|명칭"
        r"|\btittel\b|\btitel\b|\botsikko\b|\btytul\b|\bthema\b|projekttitel|название проекта",
    ),
    (
        "name",
        r"\bnames?\b|\blabel$|\bname$|bezeichnung|denomination|\bnom\b|nombre|\bnome\b|denominazione|名称|名字"
        r"|名前|^名$|명$|이름|^机构"
        r"|商号|상호|名$"
        r"|\bnavn\b|\bnamn\b|\bnimi\b|\bnaam\b|\bnazwa\b|\bnazev\b|\bisim\b|\bname\b|название"
        r"|наименование|\bunvan\b|\bnama\b",
    ),
)
"""Kind of column -> words; all that fit are tried, in this order, and the first that the cells agree with is taken."""
