"""Three examples of every command, which its help shows and the tests run in one folder, in this order."""

from __future__ import annotations

from ecosystem.cli.network_examples import NETWORK_EXAMPLES

EXAMPLES: dict[str, tuple[str, ...]] = {
    "demo": (
        "demo",
        "demo trial --lang zh",
        "demo trial --quiet",
    ),
    "init": (
        "init mywork",
        "init 我的工作 --lang zh",
        "init quietly --quiet",
    ),
    "dataset template": (
        "dataset template mytemplate",
        "dataset template blank --quiet",
        "dataset template 模板 --lang zh",
        "dataset template projects --model mymodel/model.toml",
    ),
    "dataset model": (
        "dataset model",
        "dataset model mymodel --own",
        "dataset model mymodel/model.toml --own --format csv --lang zh",
    ),
    "dataset synthesize": (
        "dataset synthesize made-up --companies 2200 --links 10000 --seed 1",
        "dataset synthesize small --companies 100 --links 1000",
        "dataset synthesize columns --companies 100 --links 1000 --format parquet",
    ),
    "dataset twin": (
        "dataset twin cingai-2023 mytwin --seed 1",
        "dataset twin cingai-2023 another --seed 2",
        "dataset twin cingai-2023 third --seed 3 --quiet",
    ),
    "dataset check": (
        "dataset check mydata",
        "dataset check mydata --lang zh",
        "dataset check mydata --format csv",
    ),
    "dataset describe": (
        "dataset describe mydata --lang zh",
        "dataset describe mydata --format md",
        "dataset describe mydata --format csv",
    ),
    "dataset diff": (
        "dataset diff lastyear thisyear --format csv",
        "dataset diff lastyear thisyear",
        "dataset diff thisyear mydata --exit-code",
    ),
    "dataset import": ("dataset import itjuzi_ai --from exports/itjuzi_ai --out imported",),
    "dataset import run": (
        "dataset import run itjuzi_ai --from exports/itjuzi_ai --out merged",
        "dataset import run itjuzi_ai --from exports/itjuzi_ai --out chinese --lang zh",
        "dataset import run itjuzi_ai --from exports/itjuzi_ai --out counted --format csv",
        "dataset import run itjuzi_ai --from exports/itjuzi_ai --preview 5",
    ),
    "dataset import list": (
        "dataset import list --lang zh",
        "dataset import list",
        "dataset import list --format json",
    ),
    "dataset import show": (
        "dataset import show itjuzi_ai",
        "dataset import show itjuzi_ai --lang zh",
        "dataset import show itjuzi_ai --quiet",
    ),
    "dataset import new": (
        "dataset import new guess.toml --from values.csv",
        "dataset import new mapping.toml --from iData.csv",
        "dataset import new meta.toml --from iMeta.csv --lang zh",
    ),
    "regions list": (
        "regions list --level province",
        "regions list --level group --lang zh",
        "regions list --level city --dataset mydata --format csv",
    ),
    "regions resolve": (
        "regions resolve 内蒙古",
        "regions resolve Beijing --level city",
        "regions resolve 朝阳区 --within 北京市",
    ),
    "regions groups": (
        "regions groups --lang zh",
        "regions groups",
        "regions groups --format json",
    ),
    "load": (
        "load mydata --store mydata.duckdb",
        "load mydata",
        "load mydata --quarantine",
    ),
    "verify": (
        "verify --against mydata",
        "verify --against mydata --level city",
        "verify --against mydata.duckdb",
    ),
    "query": (
        'query "MATCH (c:Company) RETURN c.layer AS layer, count(*) AS n ORDER BY n DESC"',
        'query "MATCH (c:Company) WHERE c.layer = $layer RETURN c.id AS id LIMIT 5" --param layer=application',
        'query "MATCH ()-[t:ENABLES]->() RETURN t.year AS year, count(t) AS links ORDER BY year" --out links.xlsx',
    ),
    "metrics list": (
        "metrics list --lang zh",
        "metrics list --metrics metrics",
        "metrics list --format csv",
    ),
    "metrics show": (
        "metrics show enablement_links --sql",
        "metrics show financing_amount --lang zh",
        "metrics show mine --metrics metrics",
    ),
    "metrics run": (
        "metrics run company_count enablement_links --level city --format csv",
        "metrics run company_count --level city --share --rank --top 10 --others",
        "metrics run financing_amount --evidence --out evidence.csv",
    ),
    "metrics new": (
        "metrics new my_companies --metrics metrics",
        "metrics new my_links",
        "metrics new my_people --lang zh",
    ),
    "metrics check": (
        "metrics check metrics",
        "metrics check metrics --level city",
        "metrics check metrics --store mydata.duckdb",
    ),
    **NETWORK_EXAMPLES,
    "index list": (
        "index list --lang zh",
        "index list",
        "index list --format csv",
    ),
    "index show": (
        "index show cingai-2023 --lang zh",
        "index show cingai-2023",
        "index show cingai-2023 --format csv",
    ),
    "index check": (
        "index check cingai-2023",
        "index check cingai-2023 --store mydata.duckdb",
        "index check asem --values asem/values.csv",
    ),
    "index new": (
        "index new myindex --from values.csv",
        "index new named --from values.csv --id region --lang zh",
        "index new relations --metrics company_count,enablement_links --level province",
    ),
    "index template": (
        "index template scenario-2024",
        "index template tmtpost-2024 --out values.xlsx",
        "index template aitisa-2021 --since 2020 --until 2021 --out values.csv --lang zh",
    ),
    "index import-coinr": (
        "index import-coinr --data iData.csv --meta iMeta.csv --out fromcoinr",
        "index import-coinr --data iData.csv --meta iMeta.csv --out coinr2 --quiet",
        "index import-coinr --data iData.csv --meta iMeta.csv --out coinr3 --lang zh",
    ),
    "index export-coinr": (
        "index export-coinr asem --out for-coinr",
        "index export-coinr asem --values asem/values.csv --out with-values",
        "index export-coinr fromcoinr --out again --quiet",
    ),
    "index import-coin-tool": (
        "index import-coin-tool tool.xlsx --out fromtool",
        "index import-coin-tool tool.xlsx --out tool2 --quiet",
        "index import-coin-tool tool.xlsx --out tool3 --lang zh",
    ),
    "index drop-one": (
        "index drop-one asem --values asem/values.csv --at 2",
        "index drop-one asem --values asem/values.csv --at 3 --lang zh",
        "index drop-one asem --values asem/values.csv --at 2 --out without.xlsx",
    ),
    "index plot": (
        "index plot asem --values asem/values.csv --kind dot --out asem.svg",
        "index plot asem --values asem/values.csv --kind framework --out framework.svg",
        "index plot asem --values asem/values.csv --kind dot --out asem.png --lang en",
    ),
    "weights ahp": (
        "weights ahp judgements.csv",
        "weights ahp judgements.csv --lang zh",
        "weights ahp judgements.csv --out weights.csv",
    ),
    "weights entropy": (
        "weights entropy --index asem --values asem/values.csv --on scores",
        "weights entropy --index asem --values asem/values.csv --on scores --lang zh",
        "weights entropy --index asem --values asem/values.csv --on scores --format csv",
    ),
    "weights critic": (
        "weights critic --index asem --values asem/values.csv",
        "weights critic --index asem --values asem/values.csv --lang zh",
        "weights critic --index asem --values asem/values.csv --format csv",
    ),
    "weights pca": (
        "weights pca --index asem --values asem/values.csv",
        "weights pca --index asem --values asem/values.csv --first",
        "weights pca --index asem --values asem/values.csv --format csv",
    ),
    "weights bod": (
        "weights bod --index asem --values asem/values.csv --upper 0.2",
        "weights bod --index asem --values asem/values.csv --upper 0.2 --by-region --format csv",
        "weights bod --index asem --values asem/values.csv --lower 0.01 --upper 0.2 --lang zh",
    ),
    "weights optimise": (
        "weights optimise --index asem --values asem/values.csv --at 3",
        "weights optimise --index asem --values asem/values.csv --at 2",
        "weights optimise --index asem --values asem/values.csv --at 3 --format csv",
    ),
    "coherence": (
        "coherence asem --values asem/values.csv",
        "coherence asem --values asem/values.csv --lang zh",
        "coherence asem --values asem/values.csv --out coherence.xlsx",
    ),
    "score": (
        "score cingai-2023 --level province --groups --out scores.xlsx",
        "score cingai-2023 --top 10 --groups --ranks pillar --lang zh",
        "score asem --values asem/values.csv --normalise zscore --out asem.csv",
    ),
    "explain": ("explain cingai-2023 四川省 --indicator enablement_links",),
    "robustness": (
        "robustness cingai-2023 --vary weights:0.25 --draws 200",
        "robustness cingai-2023 --vary weights:0.25 normalise:minmax,zscore,prank aggregate:amean,gmean --lang zh",
        "robustness cingai-2023 --vary weights:dirichlet --draws 100 --out robust.xlsx",
        "robustness cingai-2023 --sensitivity --vary weights:0.25 normalise:minmax,zscore --draws 64",
        "robustness cingai-2023 --sensitivity --of 四川省:rank --draws 64 --out moves.xlsx",
        "robustness cingai-2023 --leave-out label",
        "robustness cingai-2023 --sample --census Policy --draws 100 --out sample.xlsx --plot sample.svg",
        "robustness cingai-2023 --weights-space --bound capital_environment:0.1:0.4 --draws 2000 --out weights.xlsx",
        "robustness cingai-2023 --missing --since 2019 --out cases.xlsx --plot cases.svg",
    ),
    "profile": (
        "profile cingai-2023 四川省",
        "profile cingai-2023 长三角 --peers 2 --lang zh --out profile.html",
        "profile cingai-2023 天津市 --out profile.docx",
    ),
    "report": (
        "report cingai-2023 --out report.html",
        "report cingai-2023 --region 四川省 --region 湖北省 --network investment --lang zh --out sichuan.html",
        "report asem --values asem/values.csv --out asem.html",
    ),
    "explain region": (
        "explain region cingai-2023 四川省 --indicator enablement_links --depth link",
        "explain region cingai-2023 Sichuan --depth pillar",
        "explain region cingai-2023 四川省 --lang zh --out sichuan.xlsx",
    ),
    "explain versus": (
        "explain versus cingai-2023 四川省 湖北省 --top 3",
        "explain versus cingai-2023 Sichuan Hubei --depth pillar",
        "explain versus cingai-2023 四川省 湖北省 --lang zh --out versus.csv",
    ),
    "explain overtake": (
        "explain overtake cingai-2023 四川省 北京市",
        "explain overtake cingai-2023 Sichuan Beijing --format csv",
        "explain overtake cingai-2023 四川省 北京市 --lang zh",
    ),
    "explain entity": (
        "explain entity cingai-2023 C000001",
        "explain entity cingai-2023 C000001 --lang zh",
        "explain entity cingai-2023 C000001 --format csv",
    ),
    "knockout": ("knockout remove cingai-2023 --entity C000001",),
    "knockout remove": (
        'knockout remove cingai-2023 --where "label=Company,region=北京市" --top 10',
        "knockout remove cingai-2023 --entity C000001 --entity C000002 --lang zh",
        "knockout remove cingai-2023 --link INVESTED_IN --format csv",
    ),
    "knockout each": (
        "knockout each cingai-2023 Company --top 10",
        "knockout each cingai-2023 University --lang zh",
        "knockout each cingai-2023 Company --out each.csv",
    ),
    "knockout curve": (
        "knockout curve cingai-2023 --region 广东省 --remove 5 --random 10 --seed 1",
        "knockout curve cingai-2023 --remove 2 --out curve.csv",
        "knockout curve cingai-2023 --region Guangdong --remove 3 --plot curve.svg",
    ),
    "compare scores": (
        "compare scores scores.run.json lastyear --part all --out changes.xlsx",
        "compare scores mydata lastyear --index cingai-2023 --why 四川省 --top 3",
        "compare scores scores.xlsx lastyear --index cingai-2023 --level group --lang zh",
    ),
    "compare published": (
        "compare published cingai-2023 --lang en --out beside.csv",
        "compare published cingai-2023 --lang zh",
        "compare published cingai-2023 --cells --format csv",
    ),
    "compare implied-weights": (
        "compare implied-weights --parts pillar_1.csv --parts pillar_2.csv --total total.csv",
        "compare implied-weights --parts pillar_1.csv --parts pillar_2.csv --total total.csv --lang zh",
        "compare implied-weights --parts pillar_1.csv --parts pillar_2.csv --total total.csv --cells --format csv",
    ),
    "export graphml": (
        "export graphml graph.graphml --link ENABLES --link INVESTED_IN",
        "export graphml all.graphml",
        "export graphml people.graphml --link WORKS_FOR --quiet",
    ),
    "export gexf": (
        "export gexf graph.gexf",
        "export gexf enables.gexf --link ENABLES",
        "export gexf mydata.gexf --store mydata.duckdb",
    ),
    "export csv": (
        "export csv graph.csv --link COLLABORATES_WITH",
        "export csv links.csv",
        "export csv excel.csv --link ENABLES --excel",
    ),
    "export neo4j-admin": (
        "export neo4j-admin mydata --out mydata-import",
        "export neo4j-admin lastyear --out lastyear-import",
        "export neo4j-admin mytwin --out twin-import --quiet",
    ),
}
"""By the words of the command; what an example reads is in the folder, or written by one before it."""
