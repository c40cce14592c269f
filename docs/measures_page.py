"""The page of measures of networks in two languages, from their records, and the catalogue of networks."""

from __future__ import annotations

from collections.abc import Mapping

from ecosystem.messages import in_language, speaking, tr
from ecosystem.metrics import PROVENANCES
from ecosystem.model import unit_word
from ecosystem.network import NetworkFile
from ecosystem.network.measure import Measure, Of
from ecosystem.network.measures import measures_of

PARTS: tuple[tuple[Of, str, str, str], ...] = (
    ("node", "Of organisations", "主体的测度", "ecosystem network nodes enablement --measure constraint,degree"),
    ("region", "Of regions", "地区的测度", "ecosystem network regions enablement --measure ei,bridging,roles"),
    ("network", "Of a network", "整个网络的测度", "ecosystem network summary enablement --measure ei,density"),
)
INTRO = {
    "en": """\
A measure is computed on one [network](networks.md): at one level of regions, in one window of years, its parallel
links added up in the weights of edges. Edges of organisations without a region count in measures of organisations,
and not in those of regions. A dash in a table means that the measure is undefined there. What is undefined is missing
in an index. `--measure` takes an id, or a family for all its members. A measure of regions is a source of an index:
`network:bridging(enablement)` in `indicators.csv`.

From Python a measure of your own is a function of a `Network` and one record:

```python
import numpy as np
from ecosystem.network.measure import Measure

reach = Measure("reach", "node", "reach", "edges at it", lambda net: np.diff(net.undirected().matrix().indptr), "")
eco.network(store, "enablement").nodes([reach, "constraint"])
```
""",
    "zh": """\
测度在一个[网络](networks.md)上计算：一个地区层级、一个时间窗口，平行关系合计为边的权重。
没有地区的主体，其边计入主体的测度，不计入地区的测度。表中的短横表示该处没有定义；没有定义的，在指数中按缺失处理。
`--measure` 后写编号，或写组名以取其全部成员。
地区的测度可作指数的来源：在 `indicators.csv` 中写 `network:bridging(enablement)`。

在 Python 中，自己的测度是一个 `Network` 的函数加一条记录：

```python
import numpy as np
from ecosystem.network.measure import Measure

reach = Measure("reach", "node", "reach", "edges at it", lambda net: np.diff(net.undirected().matrix().indptr), "")
eco.network(store, "enablement").nodes([reach, "constraint"])
```
""",
}
COLUMNS = {
    "en": ("id", "family", "what it is", "undefined where", "weights", "directions", "reference"),
    "zh": ("编号", "组", "含义", "何处没有定义", "权重", "方向", "文献"),
}

OTHERS: tuple[tuple[str, str, str, str], ...] = (
    (
        "flows --by-target layer --countries",
        "flows between regions and countries for each layer (any property of the organisation that gives, --by-source, "
        "or receives), with shares of what leaves, of what arrives and of all; --by-year, --level group for circles",
        "各层次（给出方 --by-source 或接受方的任一属性）在地区与国家之间的流量，及其占流出、流入与全部的份额；"
        "--by-year 分年，--level group 按经济圈",
        "",
    ),
    (
        "backbone --filter disparity",
        "p of an edge: (1 − w / s)^(k − 1) at the end where it is smaller; 1 at an end of degree 1",
        "边的 p 值：(1 − w / s)^(k − 1)，取较小的一端；度为 1 的一端为 1",
        "Serrano, Boguñá and Vespignani 2009",
    ),
    (
        "backbone --filter noise",
        "score (c w − 1) / (c w + 1), c = s / (a b), against its standard deviation; undefined where one end has all "
        "the weight",
        "得分 (c w − 1) / (c w + 1)，c = s / (a b)，与其标准差比较；一端占有全部权重时没有定义",
        "Coscia and Neffke 2017",
    ),
    (
        "core",
        "φ(k): the density among organisations with more than k neighbours, over its mean in rewired networks; "
        "undefined where fewer than two have so many",
        "φ(k)：邻居多于 k 个的主体之间的密度，除以重新连边的网络中的均值；不足两个主体时没有定义",
        "Colizza et al. 2006",
    ),
    (
        "test --null labels",
        "a measure where the regions of the located organisations are permuted; p = 2 (1 + draws beyond) / (1 + draws)",
        "置换有地区的主体的地区后的测度；p = 2 (1 + 更极端的抽样数) / (1 + 抽样数)",
        "Krackhardt and Stern 1988; Phipson and Smyth 2010",
    ),
    (
        "test --null rewire",
        "a measure where edges swap ends ten times each, all degrees kept, weights dealt out over the edges",
        "每条边平均交换端点十次、保持各节点的度、权重随机分配后的测度",
        "Maslov and Sneppen 2002",
    ),
    (
        "test --null qap",
        "the correlation of two matrices of flows where rows and columns of one are permuted together; with several "
        "networks a regression, each predictor permuted after the others are taken out of it",
        "两个流量矩阵的相关系数，其中一个的行列一同置换；多个网络时为回归，每个自变量先剔除其余自变量再置换",
        "Hubert and Schultz 1976; Dekker, Krackhardt and Snijders 2007",
    ),
    (
        "gravity",
        "flow = exp(a + b₁ ln mass + b₂ ln mass' + b₃ ln km) by Poisson pseudo-maximum likelihood, robust standard "
        "errors (HC1); mass: organisations in the network; zero flows count",
        "流量 = exp(a + b₁ ln 规模 + b₂ ln 规模' + b₃ ln 公里)，泊松伪极大似然，稳健标准误（HC1）；"
        "规模为网络中的主体数；零流量计入",
        "Santos Silva and Tenreyro 2006",
    ),
    (
        "multiplex",
        "shared edges of two networks (Jaccard, share of the smaller); participation of an organisation "
        "L / (L − 1) (1 − Σ (k_a / o)²); undefined without an edge",
        "两个网络的共有边（Jaccard、占较小者的份额）；主体的参与系数 L / (L − 1) (1 − Σ (k_a / o)²)；没有边时没有定义",
        "Battiston, Nicosia and Latora 2014",
    ),
    (
        "evolution",
        "edges and organisations that enter, leave and persist from one window to the next; persistence: those in both "
        "over those in either",
        "相邻两个时间窗口之间进入、退出和延续的边与主体；延续率：两个窗口都有的除以任一窗口有的",
        "Jaccard 1912",
    ),
    (
        "relatedness",
        "specialised: location quotient of at least 1; proximity c_st / max(c_s, c_t); "
        "density Σ_t φ_st x_rt / Σ_t φ_st; ECI: second eigenvector, its sign that of the correlation with diversity",
        "专业化：区位商不低于 1；邻近度 c_st / max(c_s, c_t)；密度 Σ_t φ_st x_rt / Σ_t φ_st；"
        "ECI：第二特征向量，符号与多样性的相关系数一致",
        "Hidalgo et al. 2007; Hidalgo and Hausmann 2009; Mealy, Farmer and Teytelboym 2019",
    ),
    (
        "suggest",
        "scores of pairs that are not joined (common neighbours, Adamic–Adar, resource allocation, preferential "
        "attachment, local paths), and their AUC and precision on edges that were hidden",
        "尚未相连的对子的得分（共同邻居、Adamic–Adar、资源分配、优先连接、局部路径），及其在隐藏的边上的 AUC 与精确率",
        "Liben-Nowell and Kleinberg 2007; Lü and Zhou 2011",
    ),
)
"""What commands find beside measures: the command, what it is in both languages, the reference."""


def measures_page(note: str, lang: str) -> str:
    """A table of measures for organisations, for regions, and for the whole, in a language."""
    other = "[English](../measures.md)" if lang == "zh" else "[中文](zh/measures.md)"
    title = "网络测度" if lang == "zh" else "Measures of networks"
    parts = [f"# {title}\n\n{note}\n{other}\n\n{INTRO[lang]}"]
    with speaking(lang):
        for what, english, chinese, command in PARTS:
            rows = "\n".join(_row(one, lang) for one in measures_of(what).values())
            head = f"| {' | '.join(COLUMNS[lang])} |\n|{'---|' * len(COLUMNS[lang])}"
            parts.append(f"## {chinese if lang == 'zh' else english}\n\n```bash\n{command}\n```\n\n{head}\n{rows}\n")
    return "\n".join([*parts, _others(lang)])


def _others(lang: str) -> str:
    """The table of what commands find beside measures."""
    title, *columns = (
        ("其他结果", "命令", "含义", "文献")
        if lang == "zh"
        else ("Other results", "command", "what it is", "reference")
    )
    rows = (
        f"| `network {command}` | {(chinese if lang == 'zh' else english).replace('|', chr(92) + '|')} | {reference} |"
        for command, english, chinese, reference in OTHERS
    )
    return "\n".join([f"## {title}\n", f"| {' | '.join(columns)} |", "|---|---|---|", *rows, ""])


def _row(measure: Measure, lang: str) -> str:
    yes, no = ("计", "不计") if lang == "zh" else ("yes", "no")
    colon = "：" if lang == "zh" else ": "
    cells = (
        f"`{measure.id}`",
        f"`{measure.family}`" if measure.family else "",
        f"**{measure.named()}**{colon}{tr(measure.meaning)}",
        tr(measure.undefined) if measure.undefined else "",
        yes if measure.weights else no,
        yes if measure.directions else no,
        measure.reference,
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def networks_page(networks: Mapping[str, NetworkFile], note: str, lang: str) -> str:
    """The catalogue in a language: every shipped network with its definition and Cypher."""
    other = "[English](../networks.md)" if lang == "zh" else "[中文](zh/networks.md)"
    title = "网络目录" if lang == "zh" else "Networks"
    intro = {
        "en": "A network is a Cypher file that returns `source, target, weight`, with `directed: yes` or `no` in its "
        "header. `ecosystem network new my_network` writes one to begin with.\n",
        "zh": "网络是一个返回 `source, target, weight` 的 Cypher 文件，文件头写明 `directed: yes` 或 `no`。"
        "`ecosystem network new my_network` 写出一个可供修改的文件。\n",
    }[lang]
    with speaking(lang):
        return "\n".join(
            [f"# {title}\n\n{note}\n{other}\n\n{intro}", *(_network(one, lang) for one in networks.values())]
        )


def _network(file: NetworkFile, lang: str) -> str:
    body = "\n".join(line for line in file.text.splitlines() if not line.startswith("//")).strip()
    dated = f"{file.dating} `{file.dated.variable}.{file.dated.name}`" if file.dated else "none"
    unit, source = unit_word(file.unit), in_language(lang, file.source)
    kind = in_language(lang, PROVENANCES[file.provenance])
    if lang == "zh":
        dated = dated.replace("flow", "流量").replace("stock", "存量").replace("none", "无")
        way = "有向" if file.directed else "无向"
        facts = f"权重单位：{unit} · {way} · 时间口径：{dated} · 溯源类别：{kind} · 来源：{source}"
        said = f"{file.definition_zh}。"
    else:
        way = "with directions" if file.directed else "without directions"
        facts = f"Weight: {unit} · {way} · dated: {dated} · class: {kind} · source: {source}"
        said = f"{file.definition_en}."
    names = f"**{file.title(lang)}** · {file.title('en' if lang == 'zh' else 'zh')}"
    return f"## {file.id}\n\n{names}\n\n{said}\n\n{facts}\n\n```cypher\n{body}\n```\n"
