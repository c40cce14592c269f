// title: Supercomputing centres | 超算中心数量
// definition: Sample platforms of the category "supercomputing centre" in the region | 该地区类别为“supercomputing centre”的样本平台数
// unit: platforms
// dated: stock p.year
// source: AITISA 2020-2021, table 1, no. 8; Scenario 2024, list of tables, table 15
MATCH (p:Platform {in_sample: true}) WHERE p.category = 'supercomputing centre'
MATCH (p)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(p) AS value
