// title: Financing events | 融资事件数量
// definition: Rounds received by sample companies, each once however many invested | 样本企业获得的融资轮次数（多个投资方的一轮计一次）
// unit: events
// dated: flow t.year
// source: TMTPost 2024, list of indicators in part 4 (3), no. 23
MATCH (i)-[t:INVESTED_IN]->(c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(DISTINCT coalesce(t.round_id, t.id)) AS value
