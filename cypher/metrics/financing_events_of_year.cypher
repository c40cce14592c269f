// title: Financing events of a year | 年度融资事件数量
// definition: Rounds received by sample companies in the last year of the window, or in $year where there is no window, each once | 样本企业在窗口末年（无窗口时为 $year 年）获得的融资轮次数（一轮计一次）
// unit: events
// dated: flow t.year
// param: year = 2020
// source: AITISA 2020-2021, table 1, no. 6
MATCH (i)-[t:INVESTED_IN]->(c:Company {in_sample: true}) WHERE t.year = coalesce($until, $year)
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(DISTINCT coalesce(t.round_id, t.id)) AS value
