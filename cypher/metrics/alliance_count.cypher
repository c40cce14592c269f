// title: Industry alliances | 产业联盟数
// definition: Sample alliances located in the region | 位于该地区的样本产业联盟数
// unit: alliances
// dated: stock a.year
// source: CINGAI 2023, table 2 and the text under it, section 5
MATCH (a:Alliance {in_sample: true})
MATCH (a)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(a) AS value
