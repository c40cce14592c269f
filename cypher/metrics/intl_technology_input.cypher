// title: International technology-input links | 国际技术输入关系数
// definition: Enablement links from organisations abroad to sample companies | 境外组织对样本企业的技术输入关系数
// unit: links
// dated: flow t.year
// source: CINGAI 2023, table 2 and the text under it, section 4
MATCH (b)-[t:ENABLES]->(c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
MATCH (b)-[:LOCATED_IN]->(k:Region) WHERE k.country <> r.country
RETURN r.id AS region, count(t) AS value
