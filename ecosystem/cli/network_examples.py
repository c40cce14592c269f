"""Three examples of every command of `ecosystem network`, in the order in which the tests run them."""

from __future__ import annotations

NETWORK_EXAMPLES: dict[str, tuple[str, ...]] = {
    "network list": (
        "network list --lang zh",
        "network list --networks networks",
        "network list --format csv",
    ),
    "network show": (
        "network show co_investment",
        "network show enablement --sql",
        "network show mine --networks networks",
    ),
    "network new": (
        "network new my_network",
        "network new my_flows --networks networks",
        "network new my_ties --lang zh",
    ),
    "network check": (
        "network check networks",
        "network check networks --store mydata.duckdb",
        "network check networks --lang zh",
    ),
    "network summary": (
        "network summary enablement",
        "network summary investment --level city --since 2019 --until 2022",
        "network summary enablement --by-year --out years.xlsx",
    ),
    "network nodes": (
        "network nodes enablement --top 20",
        "network nodes enablement --measure roles,constraint --region 北京市",
        "network nodes investment --out nodes.csv --excel",
    ),
    "network regions": (
        "network regions enablement",
        "network regions enablement --measure ei,bridging,roles --level province",
        "network regions investment --by-year --out regions.xlsx",
    ),
    "network flows": (
        "network flows investment --top 10",
        "network flows enablement --normalise lq --matrix --out lq.xlsx",
        "network flows enablement --by-target layer --countries --by-year --format csv",
    ),
    "network roles": (
        "network roles enablement --top 10",
        "network roles enablement --level city",
        "network roles investment --out roles.xlsx",
    ),
    "network multiplex": (
        "network multiplex investment enablement",
        "network multiplex investment enablement collaboration --top 10",
        "network multiplex enablement collaboration --since 2019 --out layers.xlsx",
    ),
    "network evolution": (
        "network evolution enablement",
        "network evolution enablement --width 3 --region 北京市",
        "network evolution investment --cumulative --format csv",
    ),
    "network relatedness": (
        "network relatedness --top 10",
        "network relatedness activity --level city --region 北京市 --lang zh",
        "network relatedness --likeness association --out related.xlsx",
    ),
    "network ego": (
        "network ego C000001",
        "network ego C000001 --network enablement --depth 2",
        "network ego C000001 --follow out --network investment --format csv",
    ),
    "network path": (
        "network path C000001 C000002",
        "network path C000001 C000002 --network enablement --top 5",
        "network path C000001 C000002 --out path.xlsx",
    ),
    "network suggest": (
        "network suggest 北京市",
        "network suggest 北京市 --network enablement --score local_path --top 10",
        "network suggest 四川省 --draws 10 --seed 7 --format csv",
    ),
    "network connectors": (
        "network connectors membership --top 10",
        "network connectors membership --level group --top 5",
        "network connectors activity --level city --lang zh",
    ),
    "network typology": (
        "network typology investment",
        "network typology investment --by-year --format csv",
        "network typology enablement --level city --lang zh",
    ),
    "network test": (
        "network test ei enablement",
        "network test modularity,assortativity investment --null rewire --draws 99 --seed 1",
        "network test qap investment --with enablement,collaboration --out qap.xlsx",
    ),
    "network gravity": (
        "network gravity investment --coordinates capitals.csv",
        "network gravity enablement --coordinates capitals.csv --since 2018",
        "network gravity co_investment --coordinates capitals.csv --out gravity.xlsx",
    ),
    "network backbone": (
        "network backbone enablement --top 20",
        "network backbone enablement --filter noise --alpha 0.01",
        "network backbone co_investment --out backbone.csv",
    ),
    "network communities": (
        "network communities enablement --top 10",
        "network communities investment --runs 20 --seed 7 --out communities.xlsx",
        "network communities enablement --show mix --format csv",
    ),
    "network core": (
        "network core enablement",
        "network core investment --show entities --top 20",
        "network core enablement --draws 50 --out core.xlsx",
    ),
    "network holes": (
        "network holes enablement --top 20",
        "network holes investment --region 北京市",
        "network holes enablement --level city --out holes.csv",
    ),
    "network draw": (
        "network draw enablement --out enablement.svg",
        "network draw co_investment --colour community --size degree --labels 30 --out community.pdf",
        "network draw investment --since 2019 --seed 7 --out investment.html --lang zh",
    ),
    "network export": (
        "network export enablement enablement.gexf",
        "network export co_investment co_investment.net --to pajek --measure degree,constraint",
        "network export investment investment.json --to vosviewer --since 2019 --lang zh",
    ),
}
