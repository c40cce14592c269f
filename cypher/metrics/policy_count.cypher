// title: Policies | 出台政策数
// definition: Sample policies issued by the region | 该地区出台的样本政策数
// unit: policies
// dated: flow p.year
// source: CINGAI 2023, table 2 and the text under it, section 6
MATCH (p:Policy {in_sample: true})
MATCH (p)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(p) AS value
