// title: Investment links | 投资关系数
// definition: Investments made by sample companies in other companies | 样本企业对外投资的关系数
// unit: links
// dated: flow t.year
// source: CINGAI 2023, table 2 and the text under it, section 3
MATCH (c:Company {in_sample: true})-[t:INVESTED_IN]->(:Company)
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(t) AS value
