// title: Financing links | 融资关系数
// definition: Disclosed investments received by sample companies, one per investor and round | 样本企业获得的已披露投资关系数（按投资方和轮次）
// unit: links
// dated: flow t.year
// source: CINGAI 2023, table 2 and the text under it, section 3
MATCH (i)-[t:INVESTED_IN]->(c:Company {in_sample: true}) WHERE t.disclosed
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(t) AS value
