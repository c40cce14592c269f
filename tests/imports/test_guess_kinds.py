"""What a guess made wrongly, or asked about without need, on exports in styles that were new to it; each made small."""

from __future__ import annotations

from pathlib import Path

import pytest
from guess_score import comments_of, uses_of

from ecosystem.imports import import_source
from ecosystem.imports.guess import guess_mapping


def guess_of(folder: Path, *lines: str, name: str = "export.csv", encoding: str = "utf-8") -> str:
    """The mapping that is guessed from a text file of these lines."""
    file = folder / name
    file.write_bytes("\n".join(lines).encode(encoding))
    return guess_mapping(file)


PROFILES = (
    "ID,Name,Launch year,Employees,Website,Growth stage,Total funding (EUR M),Valuation (EUR M),Each round type,"
    "Investors",
    "9001,Aurinko Grid,2012,11-50,http://a.example,seed,12.5,40,SEED;SERIES A,Kallio Ventures;Aare Fund",
    "9002,Bergfalke,2013,51-200,http://b.example,late growth,3,,SEED,Aare Fund",
    "9003,Calanque,2014,11-50,http://c.example,seed,40,100,SEED;SERIES A,Kallio Ventures;Aare Fund",
    "9004,Dunas,2015,11-50,http://d.example,early growth,3,60,SEED,Aare Fund",
    "9005,Eikon Soft,2016,51-200,http://e.example,seed,1,,SEED,Kallio Ventures",
)


def test_a_row_per_company_is_no_deal(tmp_path: Path) -> None:
    uses = uses_of(guess_of(tmp_path, *PROFILES))
    assert uses["Launch year"] == {"Company.founded_year"}
    assert uses["Valuation (EUR M)"] == {"Company.valuation_eur_m"}
    assert "ID" not in uses
    assert "Each round type" not in uses


def test_the_number_of_a_register_is_no_id_of_a_deal(tmp_path: Path) -> None:
    header = "SIREN;Raison sociale;Établissement;Lauréat i-Lab;Montant levé (M€);Date de la levée;Investisseurs"
    rows = [
        f"80000000{n};Pépite {'ABCDEF'[n]} SAS;Université de Valbrune;{yes};2,5;1{n + 3}/05/2022;Fonds Alizé, Canopée"
        for n, yes in enumerate(("Oui", "Non") * 3)
    ]
    text = guess_of(tmp_path, header, *rows)
    uses = uses_of(text)
    assert "Company.id" in uses["SIREN"]
    assert 'event = "event of the guess"' in text
    assert "Company.name" in uses["Raison sociale"]
    assert not {"Lauréat i-Lab", "Établissement"} & uses.keys()


def test_rows_are_of_whose_names_differ_from_row_to_row(tmp_path: Path) -> None:
    uses = uses_of(
        guess_of(
            tmp_path,
            "University,Spinout company,Incorporation year,Sector",
            *(f"University of {'AB'[n % 2]},Osprey {n} Ltd,{2009 + n},IT" for n in range(6)),
            name="university_spinouts.csv",
        )
    )
    assert uses["Incorporation year"] == {"Company.founded_year"}
    assert uses["Sector"] == {"Company.industry"}


def test_a_comma_before_a_legal_form_separates_nothing(tmp_path: Path) -> None:
    names = ("Aceites del Sur, S.L.", "Brisa, S.A.", "Cometa SL", "Dársena, S.L.U.", "Encina, SAU")
    rows = [f'"{name}",B8100000{n},Sevilla' for n, name in enumerate(names)]
    text = guess_of(tmp_path, "Razón social,NIF,Municipio", *rows)
    assert uses_of(text)["Razón social"] == {"Company.name"}
    assert "each" not in text


def test_the_country_of_a_winner_is_that_of_its_own_column(tmp_path: Path) -> None:
    rows = [f"{n},IE,Ministry {n % 2},Kanta {n} Oy,Tampere,FI" for n in range(6)]
    text = guess_of(
        tmp_path, "ID_NOTICE,ISO_COUNTRY_CODE,CAE_NAME,WIN_NAME,WIN_TOWN,WIN_COUNTRY_CODE", *rows, name="TED_2021.csv"
    )
    assert uses_of(text)["WIN_COUNTRY_CODE"] == {"Company.region"}
    assert "ISO_COUNTRY_CODE" not in uses_of(text)
    assert "?" in comments_of(text)["ISO_COUNTRY_CODE"]


def test_a_former_name_and_a_department_are_no_names(tmp_path: Path) -> None:
    text = guess_of(
        tmp_path,
        "公司名称,统一社会信用代码,所属省份,所属城市,曾用名",
        *(
            f"苏州{letter}科技有限公司,9132{n}MA1XYZ{n}0,江苏省,苏州市,旧{letter}有限公司"
            for n, letter in enumerate("甲乙丙丁")
        ),
    )
    uses = uses_of(text)
    assert uses["公司名称"] == {"Company.name"}
    assert uses["曾用名"] == {"Company.other_name"}
    assert uses["所属省份"] == uses["所属城市"] == {"Company.region"}
    project = guess_of(
        tmp_path,
        "PROJECT_TITLE,ORG_DEPT,ORG_NAME,ORG_STATE",
        *(
            f"Study {n},PATHOLOGY,{name},{state}"
            for n, (name, state) in enumerate(
                [("Lake University", "MI"), ("Blue Mesa LLC", "TX"), ("Meridian Inc", "CA")]
            )
        ),
    )
    assert "ORG_DEPT" not in uses_of(project)
    assert "University.name" in uses_of(project)["ORG_NAME"]


@pytest.mark.parametrize(
    ("heading", "cells", "there"),
    [
        ("本社所在地", ("東京都渋谷区", "大阪府大阪市", "福岡県福岡市"), "JP/province:東京都/渋谷区"),
        ("본사 소재지", ("서울특별시 강남구", "경기도 성남시", "부산광역시 해운대구"), "KR/province:서울특별시/강남구"),
    ],
)
def test_places_of_japan_and_korea(tmp_path: Path, heading: str, cells: tuple[str, ...], there: str) -> None:
    (tmp_path / "mine.toml").write_text(
        guess_of(tmp_path, f"Company,{heading}", *(f"Aoi {n},{cell}" for n, cell in enumerate(cells))), encoding="utf-8"
    )
    import_source(str(tmp_path / "mine.toml"), tmp_path / "export.csv", tmp_path / "out")
    assert there in (tmp_path / "out" / "located_in.csv").read_text(encoding="utf-8")


def test_enclosed_letters_of_korean_firms_do_not_hide_its_encoding(tmp_path: Path) -> None:
    lines = ("기업명,설립일,업종", "㈜나루에이아이,2014-03-15,로봇", "가람반도체㈜,2016-05-17,반도체")
    assert 'encoding = "cp949"' in guess_of(tmp_path, *lines, encoding="euc-kr")


@pytest.mark.parametrize(
    ("header", "name", "founded", "investor"),
    [
        ("Virksomhed;Stiftet;Antal ansatte;Investor", "Virksomhed", "Stiftet", "Investor"),
        ("Företag;Grundat;Anställda;Investerare", "Företag", "Grundat", None),
        ("Bedrijf;Opgericht;Werknemers;Investeerder", "Bedrijf", "Opgericht", "Investeerder"),
        ("Nazwa firmy;Rok założenia;Liczba pracowników;Inwestor", "Nazwa firmy", "Rok założenia", "Inwestor"),
        ("Компания;Год основания;Сотрудники;Инвестор", "Компания", "Год основания", "Инвестор"),
    ],
)
def test_headings_in_more_languages(tmp_path: Path, header: str, name: str, founded: str, investor: str | None) -> None:
    rows = [f"Firm {letter};{2000 + n};{n + 3};Fund {n % 2}" for n, letter in enumerate("abcdef")]
    uses = uses_of(guess_of(tmp_path, header, *rows))
    assert "Company.name" in uses[name]
    assert uses[founded] == {"Company.founded_year"}
    assert investor is None or "Investor.name" in uses[investor]


@pytest.mark.parametrize(
    ("heading", "cells", "line"),
    [
        ("Aporte (R$ milhões)", ("1,5", "12,75", "30"), 'as = "number", decimal = "," }'),
        ("Investimento (R$ mil)", ("150", "1275", "3000"), "times = 0.001 }"),
        ("Amount (MSEK)", ("15", "7.5", "30"), 'round_amount_sek_m = { column = "Amount (MSEK)", as = "number" }'),
        ("調達額（億円）", ("15", "非公開", "0.8"), 'column = "調達額（億円）", as = "number", times = 100 }'),
        ("Amount", ("1.5M EUR", "€3m", "undisclosed"), 'money = { into = "EUR", default = "EUR" }'),
        ("Amount (USD)", ("$1.5M", "$300K", "$2M"), 'default = "USD", symbols = { "$" = "USD" } }'),
    ],
)  # fmt: skip
def test_amounts_whose_currency_and_scale_are_told(
    tmp_path: Path, heading: str, cells: tuple[str, ...], line: str
) -> None:
    live = [one for one in _deals(tmp_path, heading, cells).splitlines() if not one.startswith("#")]
    assert any(line in one for one in live)


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Amount (USD)", ("1.5", "12", "30")),  # hardly in single dollars
        ("Amount (mil USD)", ("1500", "1200", "3000")),  # a thousand in Spanish, a million in English
        ("Amount", ("$1.5M", "$12M", "$3M")),  # of which country
        ("Amount (USD)", ("$1.5M", "€12M", "$3M")),
    ],
)
def test_amounts_are_asked_about_where_currency_or_scale_is_not_certain(
    tmp_path: Path, heading: str, cells: tuple[str, ...]
) -> None:
    text = _deals(tmp_path, heading, cells)
    assert heading not in uses_of(text)
    assert "?" in comments_of(text)[heading]


def _deals(folder: Path, heading: str, cells: tuple[str, ...]) -> str:
    rows = [f'Firm {n},Fund {n % 2},1{n + 3}/05/2022,Seed,"{cell}"' for n, cell in enumerate(cells)]
    return guess_of(folder, f"Company,Investor,Deal date,Round,{heading}", *rows)


def test_the_lead_investor_and_the_others_are_investors_of_a_deal(tmp_path: Path) -> None:
    rows = ("Aoi,13/05/2022,Lead A,Fund B", "Beni,14/05/2022,Lead A,", "Cha,15/05/2022,Lead C,Fund D; Lead A")
    text = guess_of(tmp_path, "Startup,Deal date,Lead investor,Other investors", *rows)
    assert 'from = ["investor", "lead_investor"]' in text
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    import_source(str(tmp_path / "mine.toml"), tmp_path / "export.csv", tmp_path / "out")
    links = (tmp_path / "out" / "invested_in.csv").read_text(encoding="utf-8").splitlines()
    assert len(links) == 1 + 6
    assert "undisclosed" not in text


def test_kinds_of_organisations_with_accents_decide_what_a_row_is(tmp_path: Path) -> None:
    rows = ("A-1;Bild AB;Företag", "A-2;Norra lärosätet;Universitet", "A-3;Skogsinstitutet;Forskningsinstitut")
    text = guess_of(tmp_path, "Diarienummer;Organisation;Organisationstyp", *rows, name="beviljade_projekt.csv")
    assert uses_of(text)["Organisationstyp"] == {"Company.keep", "University.keep", "Institute.keep"}


def test_names_without_a_legal_form_are_no_companies_without_a_question(tmp_path: Path) -> None:
    rows = [f"{n},{name}" for n, name in enumerate(("Bild AB", "Ystad Robotik AB", "Solvind AS", "Norra lärosätet"))]
    text = guess_of(tmp_path, "Grant no,Recipient", *rows, name="grants.csv")
    assert "Company.keep" in uses_of(text)["Recipient"]
    assert "Norra lärosätet" in text


def test_the_mark_of_a_lead_investor_is_no_part_of_its_name(tmp_path: Path) -> None:
    rows = ("Aoi,13/05/2022,Circle*", "Beni,14/05/2022,Circle (lead)", "Cha,15/05/2022,Circle")
    (tmp_path / "mine.toml").write_text(guess_of(tmp_path, "Startup,Deal date,Investors", *rows), encoding="utf-8")
    import_source(str(tmp_path / "mine.toml"), tmp_path / "export.csv", tmp_path / "out")
    assert len((tmp_path / "out" / "investors.csv").read_text(encoding="utf-8").splitlines()) == 1 + 1


def test_deals_inside_the_records_of_companies_are_asked_about(tmp_path: Path) -> None:
    rounds = '[{"roundId": "r%d", "announcedOn": "2021-01-1%d", "raised": 5, "investors": [{"name": "Fund"}]}]'
    records = [
        f'{{"slug": "s-{n}", "companyName": "Acorn {n}", "foundedYear": 201{n}, "employeeCount": {n + 5}, "rounds": '
        + rounds % (n, n)
        + "}"
        for n in range(6)
    ]
    text = guess_of(tmp_path, f'{{"data": {{"companies": [{", ".join(records)}]}}}}', name="companies.json")
    uses = uses_of(text)
    assert uses["employeeCount"] == {"Company.employees"}
    assert "Investor.name" in uses["rounds[].investors[].name"]
    assert not {"slug", "rounds[].announcedOn", "rounds[].raised"} & uses.keys()
    assert 'rows = "rounds[]"' in text
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    import_source(str(tmp_path / "mine.toml"), tmp_path / "companies.json", tmp_path / "out")


def test_the_one_that_leads_a_project_works_with_those_of_the_list(tmp_path: Path) -> None:
    rows = ("S1,示例大学,星桥有限公司,2021", "S2,海滨大学,蓝杉有限公司、木棉有限公司,2022")
    text = guess_of(tmp_path, "项目编号,承担单位,合作单位,立项年度", *rows, name="projects.csv")
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    import_source(str(tmp_path / "mine.toml"), tmp_path / "projects.csv", tmp_path / "out")
    links = (tmp_path / "out" / "collaborates_with.csv").read_text(encoding="utf-8").splitlines()
    assert len(links) == 1 + 1 + 3


def test_who_took_part_in_the_rounds_of_a_third_table(tmp_path: Path) -> None:
    folder = tmp_path / "crm"
    folder.mkdir()
    kinds = ("company", "company", "company", "investor", "investor", "investor")
    tables = {
        "orgs": ["org_id,org_name,org_kind", *(f"{n + 11},Larch {n},{kind}" for n, kind in enumerate(kinds))],
        "rounds": [
            "round_id,org_id,announced,round_type,raised_usd",
            *(f"{n + 701},{n % 3 + 11},2021-0{n + 1}-13,seed,{n + 1}500000" for n in range(4)),
        ],
        "round_investors": [
            "round_id,investor_id,is_lead",
            *(f"{n // 2 + 701},{n % 3 + 14},{n % 2}" for n in range(8)),
        ],
    }
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "mine.toml").write_text(guess_mapping(folder), encoding="utf-8")
    import_source(str(tmp_path / "mine.toml"), folder, tmp_path / "out")
    links = (tmp_path / "out" / "invested_in.csv").read_text(encoding="utf-8")
    assert "investor-14,company-11,2021,701,2021-01-13,seed,1.5,0.75" in links
    assert len(links.splitlines()) == 1 + 8


def test_files_of_the_same_columns_are_one_table(tmp_path: Path) -> None:
    folder = tmp_path / "years"
    folder.mkdir()
    for year in (2020, 2021, 2022):
        rows = [f"Firm {year} {n},{1990 + n}" for n in range(4)]
        (folder / f"firms_{year}.csv").write_text("\n".join(["Company,Founded", *rows]), encoding="utf-8")
    text = guess_mapping(folder)
    assert 'files.list = { path = "firms_*.csv" }' in text
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    import_source(str(tmp_path / "mine.toml"), folder, tmp_path / "out")
    assert len((tmp_path / "out" / "companies.csv").read_text(encoding="utf-8").splitlines()) == 1 + 12


def test_the_event_of_a_joined_table_is_what_it_names(tmp_path: Path) -> None:
    folder = tmp_path / "dump"
    folder.mkdir()
    tables = {
        "companies": ["uuid,name,country_code", *(f"c{n},Alder {n},DE" for n in range(3))],
        "funding_rounds": [
            "uuid,company_uuid,announced_on,raised_amount_usd",
            *(f"fr{n},c{n % 3},2021-0{n + 1}-14,{n + 1}000000" for n in range(4)),
        ],
        "investments": ["uuid,funding_round_uuid,investor_uuid", *(f"i{n},fr{n // 2},v{n % 3}" for n in range(8))],
        "investors": ["uuid,name,country_code", *(f"v{n},Gorse {n},GB" for n in range(3))],
    }
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines), encoding="utf-8")
    assert 'event = "funding_round_uuid"' in guess_mapping(folder)
