// title: Financing amount | 融资额
// definition: Sum of all amounts received by sample companies, undisclosed investors included | 样本企业获得的融资总额（含未披露投资方）
// unit: CNY million
// dated: flow t.year
// source: CINGAI 2023, table 2 and the text under it, section 3
MATCH (i)-[t:INVESTED_IN]->(c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, sum(t.amount_cny_m) AS value
