// title: International technology-enablement links | 国际技术赋能关系数
// definition: Enablement links from sample companies to organisations abroad | 样本企业对境外组织的技术赋能关系数
// unit: links
// dated: flow t.year
// source: CINGAI 2023, table 2 and the text under it, section 4
MATCH (c:Company {in_sample: true})-[t:ENABLES]->(b)
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
MATCH (b)-[:LOCATED_IN]->(k:Region) WHERE k.country <> r.country
RETURN r.id AS region, count(t) AS value
