"""The headings of every table that people read, in Chinese and English."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

HEADINGS: Mapping[str, tuple[str, str]] = {
    "above": ("上级", "above"),
    "adequacy": ("适宜性", "adequacy"),
    "affected": ("涉及", "affected"),
    "aggregation": ("合成方法", "aggregation"),
    "alpha": ("阿尔法系数", "alpha"),
    "alpha_without": ("剔除后阿尔法系数", "alpha without it"),
    "available": ("数据可得率", "available"),
    "bartlett": ("巴特利特检验", "Bartlett's test"),
    "cells": ("单元格数", "cells"),
    "class": ("溯源类别", "class"),
    "code": ("代码", "code"),
    "coefficient": ("系数", "coefficient"),
    "column": ("列", "column"),
    "compared": ("可比数", "compared"),
    "component": ("主成分", "component"),
    "count": ("数量", "count"),
    "counts_in": ("计入指标", "counts in"),
    "coverage": ("数据覆盖率", "coverage"),
    "cumulative": ("累计贡献率", "cumulative"),
    "dated": ("时间口径", "dated"),
    "degrees": ("自由度", "degrees of freedom"),
    "difference": ("差额", "difference"),
    "different": ("相异率", "different"),
    "digits_high": ("印出位数所容上限", "digits allow up to"),
    "digits_low": ("印出位数所容下限", "digits allow from"),
    "direction": ("方向", "direction"),
    "effect": ("退出后数值变化", "value change if it left"),
    "effect_points": ("退出后得分变化", "points change if it left"),
    "effect_score": ("退出后总分变化", "score change if it left"),
    "effective": ("有效权重", "effective weight"),
    "eigenvalue": ("特征值", "eigenvalue"),
    "entity": ("主体", "organisation"),
    "entry": ("进入", "entry"),
    "equal": ("相同数", "equal"),
    "exit": ("退出", "exit"),
    "explained": ("方差贡献率", "explained"),
    "exports": ("导出文件的行", "rows of exports"),
    "file": ("文件", "file"),
    "flag": ("提示项", "flag"),
    "fragility_random": ("脆弱度（随机）", "fragility, random"),
    "fragility_targeted": ("脆弱度（定向）", "fragility, targeted"),
    "gap": ("报告未列出", "gap"),
    "group": ("经济圈", "group"),
    "group_rank": ("组内排名", "rank in group"),
    "growth": ("年均增速", "growth"),
    "hint": ("提示", "hint"),
    "id": ("编号", "id"),
    "identifiable": ("可识别", "identifiable"),
    "imputation": ("缺失值插补", "imputation"),
    "indicator": ("指标", "indicator"),
    "indicators": ("指标数", "indicators"),
    "kendall": ("肯德尔 τ", "Kendall tau"),
    "key": ("项目", "key"),
    "kind": ("类型", "kind"),
    "kmo": ("KMO 值", "KMO"),
    "kurtosis": ("峰度", "kurtosis"),
    "label": ("类型", "label"),
    "largest_difference": ("最大差", "largest difference"),
    "least_absolute": ("最小一乘", "least absolute deviations"),
    "least_squares": ("最小二乘", "least squares"),
    "left_out_high": ("逐一剔除上限", "left out, up to"),
    "left_out_low": ("逐一剔除下限", "left out, from"),
    "level": ("层级", "level"),
    "line": ("行", "line"),
    "link": ("是关系", "is a link"),
    "loading": ("载荷", "loading"),
    "mark": ("标记", "mark"),
    "match": ("匹配", "match"),
    "matches": ("匹配数", "matches"),
    "maximum": ("最大值", "maximum"),
    "mean": ("均值", "mean"),
    "median": ("中位数", "median"),
    "message": ("说明", "message"),
    "met": ("吻合", "met"),
    "metric": ("指标", "metric"),
    "minimum": ("最小值", "minimum"),
    "missing": ("缺失原因", "missing"),
    "missing_rule": ("缺失值处理", "missing values"),
    "moved": ("变动地区数", "ranks moved"),
    "name": ("名称", "name"),
    "name_en": ("英文名", "English name"),
    "name_zh": ("中文名", "Chinese name"),
    "nonzero": ("非零率", "nonzero"),
    "normalisation": ("标准化方法", "normalisation"),
    "normalised": ("标准化值", "normalised"),
    "note": ("说明", "note"),
    "number": ("数量", "number"),
    "other": ("另一指标", "other"),
    "other_level": ("另一层级", "other's level"),
    "ours": ("本程序", "ours"),
    "outliers": ("离群", "outliers"),
    "overall": ("综合评分", "score"),
    "overrides": ("本次改动", "changed for this run"),
    "overtaken_by": ("首先超越者", "overtaken by"),
    "p": ("p 值", "p"),
    "parent": ("上级", "parent"),
    "part": ("组成", "part"),
    "parts": ("组成数", "parts"),
    "pillar": ("一级指标", "pillar"),
    "points": ("得分", "points"),
    "points_one": ("得分（一）", "points, first"),
    "points_other": ("得分（二）", "points, second"),
    "printed": ("印出值", "printed"),
    "r": ("相关系数", "r"),
    "r_rest": ("与其余之和的相关", "r with the rest"),
    "r_squared": ("决定系数", "r squared"),
    "rank": ("排名", "rank"),
    "rank_change": ("名次变化", "rank change"),
    "rank_old": ("原排名", "old rank"),
    "ranked": ("参评地区", "ranked regions"),
    "raw": ("原始值", "raw"),
    "raw_one": ("原始值（一）", "raw, first"),
    "raw_other": ("原始值（二）", "raw, second"),
    "reason": ("原因", "reason"),
    "recomputed": ("重算值", "recomputed"),
    "region": ("地区", "region"),
    "regions": ("地区数", "regions"),
    "removed": ("移除数", "removed"),
    "reproduced": ("重现数", "reproduced"),
    "residual": ("残差", "residual"),
    "roles": ("角色", "roles"),
    "row": ("行", "row"),
    "score": ("得分", "score"),
    "score_change": ("得分变化", "score change"),
    "score_old": ("原得分", "old score"),
    "score_random": ("随机移除后", "score, random"),
    "score_targeted": ("定向移除后", "score, targeted"),
    "screening": ("地区筛选", "screening"),
    "sd": ("标准差", "sd"),
    "severity": ("级别", "severity"),
    "share": ("份额", "share"),
    "sheet_alone": ("单一种类", "one kind alone"),
    "sheet_counts": ("计入之处", "counts"),
    "sheet_curve": ("曲线", "curve"),
    "sheet_entities": ("主体", "organisations"),
    "sheet_fragility": ("脆弱度", "fragility"),
    "sheet_groups": ("经济圈", "groups"),
    "sheet_indicators": ("指标", "indicators"),
    "sheet_links": ("关系", "links"),
    "sheet_method": ("方法", "method"),
    "sheet_moves": ("新增", "moves"),
    "sheet_pillars": ("一级指标", "pillars"),
    "sheet_regions": ("地区", "regions"),
    "sheet_steps": ("构成", "steps"),
    "shows": ("内容", "shows"),
    "skewness": ("偏度", "skewness"),
    "source": ("来源", "source"),
    "spearman": ("斯皮尔曼 ρ", "Spearman rho"),
    "table": ("表", "table"),
    "there": ("现有", "there"),
    "tier": ("梯队", "tier"),
    "synthetic": ("合成数据", "synthetic data"),
    "tiers": ("梯队划分", "tiers"),
    "ties": ("并列处理", "ties"),
    "title": ("名称", "title"),
    "total_change": ("总变化", "total change"),
    "treatment": ("离群值处理", "treatment"),
    "undated": ("无年份", "undated"),
    "unit": ("单位", "unit"),
    "unit_of_analysis": ("评价对象", "unit of analysis"),
    "value": ("数值", "value"),
    "variance": ("方差份额", "share of variance"),
    "weight": ("权重", "weight"),
    "weight_source": ("权重来源", "weight source"),
    "weighted": ("加权得分", "weighted"),
    "weighting": ("赋权方法", "weighting"),
    "what": ("种类", "what"),
    "within": ("同组", "within"),
    "zero": ("零值数", "zeros"),
}


def heading(key: str, lang: str) -> str:
    """The heading of a column in Chinese (`zh`) or English (`en`); a key without one is its own heading."""
    chinese, english = HEADINGS.get(key, (key, key))
    return chinese if lang == "zh" else english


def headings(keys: Iterable[str], lang: str) -> dict[str, str]:
    """From keys to headings, as a data frame's `rename(columns=...)` takes them."""
    return {key: heading(key, lang) for key in keys}


def in_both_languages(keys: Iterable[str]) -> frozenset[str]:
    """Keys and their headings in both languages, without regard to case: what a column beside theirs is not called."""
    words = (word for key in keys for word in (key, *HEADINGS.get(key, ())))
    return frozenset(word.casefold() for word in words)


def apart(names: Sequence[str], taken: Collection[str], mark: str) -> list[str]:
    """Names of columns that people chose, each unlike the `taken` words and the names before it, whatever the case.

    One that is not is followed by what it is, e.g. `rank (indicator)`, and by a number where that is not enough.
    `taken` are folded as `in_both_languages` gives them.
    """
    used, found = set(taken), list[str]()
    for name in names:
        candidate, number = name, 1
        while candidate.casefold() in used:
            candidate = f"{name} ({mark})" if number == 1 else f"{name} ({mark} {number})"
            number += 1
        used.add(candidate.casefold())
        found.append(candidate)
    return found
