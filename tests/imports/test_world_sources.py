"""The open sources of the world: every mapping on a small made export in the published format, counted by hand.

The organisations, people, patents and projects of `tests/imports/world/` are invented; the columns are those that the
sources publish: `docs/world-sources.md` says where they are described.
"""

from __future__ import annotations

import itertools
import zipfile
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

import ecosystem as eco
from ecosystem.dataset import read_dataset
from ecosystem.imports import ImportReport, import_source, list_sources

pytestmark = pytest.mark.long  # many cases, each of which reads and writes files

SAMPLES = Path(__file__).parent / "world"
OWN_COUNTRIES = {"UK": "GB", "EL": "GR", "HK": "CN", "TW": "CN"}


def imported(source: str, folder: Path) -> ImportReport:
    """The sample of a source made a dataset that loads without an error."""
    report = import_source(source, SAMPLES / source.removesuffix("_csv"), folder / "out")
    reading = read_dataset(folder / "out")
    assert not [finding for finding in reading.findings if finding.severity == "error"]
    return report


def raw(name: str, sep: str = ",") -> pd.DataFrame:
    return pd.read_csv(SAMPLES / name, sep=sep, dtype=str, keep_default_na=False)


def made(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / "out" / f"{name}.csv", dtype=str, keep_default_na=False)


def countries(folder: Path) -> dict[str, str]:
    """Id of a node -> the country that it lies in."""
    regions = made(folder, "regions").set_index("id")["country"]
    located = made(folder, "located_in")
    return {one: regions[region] for one, region in zip(located["from"], located["to"], strict=True)}


def ends(links: pd.DataFrame, *columns: str) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(links[column] for column in ("from", "to", *columns)), strict=True))


def test_every_source_of_the_world_says_what_may_be_done_with_its_data() -> None:
    shown = list_sources()
    covered = [mapping.spec.covers for mapping in shown]
    assert covered == sorted(covered, key=lambda text: (not text, text))  # one country after the other, then the world
    for name in ("cordis", "crunchbase", "gleif", "openalex", "patentsview", "ror", "ror_csv", "wikidata"):
        (mapping,) = [one for one in shown if one.name == name]
        assert mapping.spec.licence
        assert " | " in mapping.title


def test_cordis_pairs_of_every_project(tmp_path: Path) -> None:
    imported("cordis", tmp_path)
    rows, projects = raw("cordis/organization.csv", ";"), raw("cordis/project.csv", ";").set_index("id")
    expected: Counter[tuple[str, ...]] = Counter()
    for project, members in rows[rows["endOfParticipation"] != "true"].groupby("projectID"):
        for one, other in itertools.combinations(sorted(members["organisationID"]), 2):
            expected[f"eu-{one}", f"eu-{other}", str(project), projects["startDate"][project][:4]] += 1
    assert ends(made(tmp_path, "collaborates_with"), "project", "year") == expected
    kinds = rows.drop_duplicates("organisationID")["activityType"].map(lambda kind: kind if kind in "PRC HES" else "")
    assert Counter(kinds) == {"PRC": 4, "HES": 3, "": 5}
    assert [len(made(tmp_path, table)) for table in ("companies", "universities", "institutes")] == [4, 3, 5]
    known = {
        f"eu-{one}": OWN_COUNTRIES.get(code, code) for one, code in rows.set_index("organisationID")["country"].items()
    }
    assert countries(tmp_path) == {one: code for one, code in known.items() if code != "XK"}
    regions = made(tmp_path, "regions").set_index("id")
    assert regions["parent"]["GR/province:el30/athina"] == "GR/province:el30"  # a city in its NUTS 2 region
    located = made(tmp_path, "located_in").set_index("from")["to"]
    assert located["eu-900000108"] == "440300"  # Shenzhen of the shipped hierarchy, not one of its own


def test_gleif_parents_and_who_is_left_out(tmp_path: Path) -> None:
    report = imported("gleif", tmp_path)
    entities = raw("gleif/lei2-golden-copy.csv").set_index("LEI")
    alive = entities[
        (entities["Entity.EntityStatus"] == "ACTIVE") & (entities["Registration.RegistrationStatus"] != "DUPLICATE")
    ]
    firms = alive[alive["Entity.EntityCategory"].isin(["GENERAL", "SOLE_PROPRIETOR", ""])]
    funds = alive[alive["Entity.EntityCategory"] == "FUND"]
    assert set(made(tmp_path, "companies")["lei"]) == set(firms.index)
    assert set(made(tmp_path, "investors")["lei"]) == set(funds.index)
    assert set(made(tmp_path, "companies")["in_sample"]) == {"false"}
    parents = raw("gleif/rr-golden-copy.csv")
    parents = parents[
        (parents["Relationship.RelationshipType"] == "IS_DIRECTLY_CONSOLIDATED_BY")
        & (parents["Relationship.RelationshipStatus"] == "ACTIVE")
    ]
    children, owners = parents["Relationship.StartNode.NodeID"], parents["Relationship.EndNode.NodeID"]
    loaded = children.isin(firms.index)
    assert ends(made(tmp_path, "owns")) == Counter(zip("lei-" + owners[loaded], "lei-" + children[loaded], strict=True))
    assert {file.file: file.quarantined for file in report.files}["rr-golden-copy.csv"] == (~loaded).sum() == 1
    quarters = entities["Entity.HeadquartersAddress.Country"]
    assert countries(tmp_path) == {
        f"lei-{one}": OWN_COUNTRIES.get(quarters[one], quarters[one]) for one in {*firms.index, *funds.index}
    }


def test_patentsview_joint_patents(tmp_path: Path) -> None:
    imported("patentsview", tmp_path)
    assignees = raw("patentsview/g_assignee_disambiguated.tsv", "\t")
    patents = raw("patentsview/g_patent.tsv", "\t").set_index("patent_id")
    named = assignees[assignees["disambig_assignee_organization"] != ""]
    expected: Counter[tuple[str, ...]] = Counter()
    for patent, holders in named.groupby("patent_id")["assignee_id"]:
        if patents["withdrawn"][patent] != "1":
            for one, other in itertools.combinations(sorted(set(holders)), 2):
                expected[f"pv-{one}", f"pv-{other}", str(patent), patents["patent_date"][patent][:4]] += 1
    assert sum(expected.values()) == 12
    assert ends(made(tmp_path, "collaborates_with"), "patent", "year") == expected
    assert set(made(tmp_path, "universities")["name"]) == {
        "Charles Bend Institute of Technology",
        "University of Granta Fields",
    }
    assert set(made(tmp_path, "institutes")["name"]) == {"Department of Calm Signals"}
    places = raw("patentsview/g_location_disambiguated.tsv", "\t").set_index("location_id")["disambig_country"]
    known = {
        f"pv-{one}": places[place] for one, place in named.set_index("assignee_id")["location_id"].items() if place
    }
    assert countries(tmp_path) == {one: OWN_COUNTRIES.get(code, code) for one, code in known.items()}
    located = made(tmp_path, "located_in").set_index("from")["to"]
    assert (located["pv-a4"], located["pv-a6"]) == ("US/province:massachusetts/cambridge", "GB/cambridge")


def asked(folder: Path, question: str) -> dict[str, float]:
    """The answers of a question: region, value."""
    store = eco.open_store(folder / "graph.duckdb", create=True)
    store.load(eco.read_dataset(folder / "out").dataset)
    try:
        frame = eco.query(store, question)
    finally:
        store.close()
    return dict(zip(frame["region"], frame["value"], strict=True))


def test_patents_of_a_country_count_once(tmp_path: Path) -> None:
    imported("patentsview", tmp_path)
    assignees = raw("patentsview/g_assignee_disambiguated.tsv", "\t")
    granted = raw("patentsview/g_patent.tsv", "\t").query("withdrawn == '0'").set_index("patent_id")
    places = raw("patentsview/g_location_disambiguated.tsv", "\t").set_index("location_id")["disambig_country"]
    expected: dict[str, set[str]] = {}
    for row in assignees.query("disambig_assignee_organization != '' and location_id != ''").itertuples():
        if row.patent_id in granted.index:
            country = str(places[str(row.location_id)])
            expected.setdefault(OWN_COUNTRIES.get(country, country), set()).add(str(row.patent_id))
    found = asked(
        tmp_path,
        "MATCH (c)-[:OWNS_PATENT]->(p:Patent) "
        "MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: 'country'}) "
        "RETURN r.id AS region, count(DISTINCT p) AS value",
    )
    assert found == {country: len(patents) for country, patents in expected.items()}
    patents = made(tmp_path, "patents").set_index("id")
    assert set(patents.index) == {f"us-{one}" for one in granted.index}
    assert patents["grant_year"]["us-20000004"] == "2022"


def test_money_of_the_union_by_country(tmp_path: Path) -> None:
    imported("cordis", tmp_path)
    rows, projects = raw("cordis/organization.csv", ";"), raw("cordis/project.csv", ";").set_index("id")
    country = rows["country"].map(lambda code: OWN_COUNTRIES.get(code, code))
    expected = pd.to_numeric(rows["ecContribution"]).groupby(country).sum().drop("XK")
    found = asked(
        tmp_path,
        "MATCH (c)-[t:PARTICIPATES_IN]->(:Project) "
        "MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: 'country'}) "
        "RETURN r.id AS region, sum(t.ec_contribution_eur) AS value",
    )
    assert found == pytest.approx(expected.to_dict(), rel=1e-12)
    costs = made(tmp_path, "projects").set_index("id")["total_cost_eur"].map(float)
    told = projects["totalCost"].str.replace(",", ".").map(float)  # the source writes decimals with a comma there
    assert costs.to_dict() == {f"eu-project-{one}": cost for one, cost in told.items()}
    roles = Counter(made(tmp_path, "participates_in")["role"])
    assert roles == Counter(rows["role"])


def test_crunchbase_rounds_and_their_money(tmp_path: Path) -> None:
    imported("crunchbase", tmp_path)
    rounds = raw("crunchbase/funding_rounds.csv").set_index("uuid")
    equity = rounds[~rounds["investment_type"].isin(["grant", "debt_financing"])]
    investors = raw("crunchbase/investments.csv").groupby("funding_round_uuid").size()
    financing = made(tmp_path, "invested_in")
    counted = {one: max(investors.get(one, 0), 1) for one in equity.index}
    assert Counter(financing["round_id"]) == {f"cb-{one}": count for one, count in counted.items()}
    usd = pd.to_numeric(equity["raised_amount_usd"])
    shares = pd.to_numeric(financing["amount_usd_m"]).groupby(financing["round_id"]).sum()
    for one, amount in usd.dropna().items():
        assert shares[f"cb-{one}"] == pytest.approx(amount / 1e6, rel=1e-12)
    nobody = set(equity.index) - set(investors.index)
    assert set(financing[financing["disclosed"] == "false"]["from"]) == {f"cb-undisclosed-{one}" for one in nobody}
    acquisitions = raw("crunchbase/acquisitions.csv")
    bought = zip("cb-" + acquisitions["acquirer_uuid"], "cb-" + acquisitions["acquiree_uuid"], strict=True)
    told = ends(made(tmp_path, "acquired"))
    assert Counter((one.replace("cb-investor-", "cb-"), other) for one, other in told) == Counter(bought)
    companies = made(tmp_path, "companies").set_index("name")
    assert set(companies[companies["in_sample"] == "true"].index) == {
        "Brookhollow Robotics",
        "Lily Robotics",
        "Beijing Quiet Compute",
        "Tiny Labs",
    }
    # a company that invests is that company; a school that invests has a node of its own
    assert companies["id"]["Brookhollow Robotics"] in set(financing["from"])
    assert list(made(tmp_path, "universities")["name"]) == ["Charles Bend Institute of Technology"]
    assert "Charles Bend Institute of Technology" in set(made(tmp_path, "investors")["name"])


def test_wikidata_careers_of_those_who_lead_a_company(tmp_path: Path) -> None:
    imported("wikidata", tmp_path)
    people = raw("wikidata/people.csv")
    own = people["person"].str.extract(r"(Q\d+)$")[0], people["org"].str.extract(r"(Q\d+)$")[0]
    told = Counter(zip(people["relation"], "wd-" + own[0], "wd-" + own[1], strict=True))
    found: Counter[tuple[str, str, str]] = Counter()
    for relation, table in (("leads", "works_for"), ("worked", "worked_at"), ("studied", "studied_at")):
        found.update((relation, one, other) for one, other in ends(made(tmp_path, table)))
    assert told - found == Counter({("studied", "wd-Q990000104", "wd-Q990000053"): 1})  # a company is no school
    assert not found - told
    outside = made(tmp_path, "companies").query("in_sample == 'false'")
    assert set(outside["name"]) == {"Old Mill Software"}
    owners = made(tmp_path, "owns")
    assert list(zip(owners["from"], owners["to"], owners["year"], strict=True)) == [
        ("wd-Q990000004", "wd-Q990000001", "2011"),
        ("wd-Q990000001", "wd-Q990000003", "2021"),
    ]


def test_ror_kinds_and_places(tmp_path: Path) -> None:
    imported("ror_csv", tmp_path)
    records = raw("ror/ror-data.csv")
    records = records[(records["status"] != "withdrawn") & (records["types"] != "funder")].set_index("id")
    kinds = {
        one: "universities" if "education" in types else "companies" if "company" in types else "institutes"
        for one, types in records["types"].items()
    }
    tables = {table: made(tmp_path, table) for table in ("universities", "companies", "institutes")}
    assert {f"https://ror.org/{ror}": table for table, rows in tables.items() for ror in rows["ror"]} == kinds
    codes = records["locations.geonames_details.country_code"]
    assert countries(tmp_path) == {f"ror-{str(one)[-9:]}": code for one, code in codes.items()}
    located = made(tmp_path, "located_in").set_index("from")["to"]
    assert (located["ror-0madeup03"], located["ror-0madeup04"]) == (
        "440100",
        "110000",
    )  # Guangzhou, Beijing


def test_the_published_archives_need_not_be_unpacked(tmp_path: Path) -> None:
    """One zip with all files (CORDIS, ROR), or a folder with a zip for each file (GLEIF, PatentsView)."""
    packed = tmp_path / "packed"
    packed.mkdir()
    for name in ("cordis-HORIZONprojects-csv.zip", "ror.zip"):
        with zipfile.ZipFile(packed / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted((SAMPLES / name.split("-")[0].removesuffix(".zip")).iterdir()):
                archive.write(file, file.name)
    for source, before in (("gleif", "20261128-0000-gleif-goldencopy-"), ("patentsview", "")):
        (packed / source).mkdir()
        for file in sorted((SAMPLES / source).iterdir()):
            with zipfile.ZipFile(packed / source / f"{before}{file.name}.zip", "w") as archive:
                archive.write(file, file.name)
    exports = {
        "cordis": "cordis-HORIZONprojects-csv.zip",
        "ror_csv": "ror.zip",
        "gleif": "gleif",
        "patentsview": "patentsview",
    }
    for source, export in exports.items():
        import_source(source, packed / export, tmp_path / f"{source}-packed")
        import_source(source, SAMPLES / source.removesuffix("_csv"), tmp_path / source)
        for table in sorted((tmp_path / source).glob("*.csv")):
            assert table.read_bytes() == (tmp_path / f"{source}-packed" / table.name).read_bytes(), (source, table.name)


@pytest.mark.long
def test_all_sources_make_one_dataset(tmp_path: Path) -> None:
    """Their kinds of nodes and links stand in one model, one organisation is one node, and a state is one region."""
    for source in ("crunchbase", "gleif", "wikidata", "openalex", "ror", "cordis", "patentsview"):
        imported(source, tmp_path)
    pairs = made(tmp_path, "merges")
    assert set(zip(pairs["kind"], pairs["merged"], strict=True)) == {("same_code", "yes"), ("same_name", "yes")}
    (firm,) = made(tmp_path, "companies").query("legal_name == 'Brookhollow Robotics LLC'").to_dict("records")
    # by its LEI with Wikidata, by its legal name with Crunchbase and PatentsView
    assert (firm["id"][:3], firm["wikidata"], firm["status"]) == ("cb-", "Q990000001", "operating")
    assert (firm["in_sample"], firm["founded_year"]) == ("true", "2011")
    for table in ("owns", "acquired", "works_for", "owns_patent", "participates_in", "invested_in"):
        links = made(tmp_path, table)
        assert firm["id"] in {*links["from"], *links["to"]} or table == "participates_in"
    chicago = [one for one in made(tmp_path, "regions")["id"] if one.endswith("chicago")]
    assert chicago == ["US/province:illinois/chicago"]
    model = (tmp_path / "out" / "model.toml").read_text(encoding="utf-8")
    assert [f"[links.{kind}]" in model for kind in ("OWNS", "ACQUIRED", "PARTICIPATES_IN", "OWNS_PATENT")] == [True] * 4
