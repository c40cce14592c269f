// title: International study experience | 前期国际学习经验
// definition: People of sample companies who studied abroad | 样本企业中有境外学习经历的核心人员数
// unit: people
// dated: none
// source: CINGAI 2023, table 2 and the text under it, section 4
MATCH (p:Person {in_sample: true})-[:WORKS_FOR]->(c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
MATCH (p)-[:STUDIED_AT]->(b)
MATCH (b)-[:LOCATED_IN]->(k:Region) WHERE k.country <> r.country
RETURN r.id AS region, count(DISTINCT p) AS value
