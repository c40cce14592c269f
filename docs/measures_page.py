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
    return "\n".join(parts)


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
