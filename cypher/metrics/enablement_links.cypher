// title: Technology-enablement links | 技术赋能关系数
// definition: Enablement links from sample companies to any organisation | 样本企业对外技术赋能的关系数
// unit: links
// dated: flow t.year
// source: CINGAI 2023, table 2 and the text under it, section 1
MATCH (c:Company {in_sample: true})-[t:ENABLES]->(b)
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(t) AS value
