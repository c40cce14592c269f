"""The headings of every table that people read, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

HEADINGS: Mapping[str, tuple[str, str]] = {
    "affected": ("涉及", "affected"),
    "aggregation": ("合成方法", "aggregation"),
    "code": ("代码", "code"),
    "class": ("溯源类别", "class"),
    "column": ("列", "column"),
    "coverage": ("数据覆盖率", "coverage"),
    "dated": ("时间口径", "dated"),
    "direction": ("方向", "direction"),
    "file": ("文件", "file"),
    "gap": ("报告未列出", "gap"),
    "group": ("经济圈", "group"),
    "hint": ("提示", "hint"),
    "id": ("编号", "id"),
    "indicator": ("指标", "indicator"),
    "indicators": ("指标数", "indicators"),
    "key": ("项目", "key"),
    "level": ("层级", "level"),
    "mark": ("标记", "mark"),
    "message": ("说明", "message"),
    "metric": ("指标", "metric"),
    "missing": ("缺失原因", "missing"),
    "missing_rule": ("缺失值处理", "missing values"),
    "name": ("名称", "name"),
    "name_en": ("英文名", "English name"),
    "name_zh": ("中文名", "Chinese name"),
    "normalisation": ("标准化方法", "normalisation"),
    "normalised": ("标准化值", "normalised"),
    "overall": ("综合评分", "score"),
    "pillar": ("一级指标", "pillar"),
    "rank": ("排名", "rank"),
    "rank_change": ("名次变化", "rank change"),
    "rank_old": ("原排名", "old rank"),
    "ranked": ("参评地区", "ranked regions"),
    "raw": ("原始值", "raw"),
    "reason": ("原因", "reason"),
    "region": ("地区", "region"),
    "row": ("行", "row"),
    "score": ("得分", "score"),
    "score_change": ("得分变化", "score change"),
    "score_old": ("原得分", "old score"),
    "severity": ("级别", "severity"),
    "source": ("来源", "source"),
    "ties": ("并列处理", "ties"),
    "title": ("名称", "title"),
    "undated": ("无年份", "undated"),
    "unit": ("单位", "unit"),
    "unit_of_analysis": ("评价对象", "unit of analysis"),
    "value": ("数值", "value"),
    "weight": ("权重", "weight"),
    "weight_source": ("权重来源", "weight source"),
    "weighted": ("加权得分", "weighted"),
}


def heading(key: str, lang: str) -> str:
    """The heading of a column in Chinese (`zh`) or English (`en`); a key without one is its own heading."""
    chinese, english = HEADINGS.get(key, (key, key))
    return chinese if lang == "zh" else english


def headings(keys: Iterable[str], lang: str) -> dict[str, str]:
    """From keys to headings, as a data frame's `rename(columns=...)` takes them."""
    return {key: heading(key, lang) for key in keys}
