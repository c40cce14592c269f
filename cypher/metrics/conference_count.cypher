// title: Conferences | 会议数
// definition: Sample conferences held in the region | 在该地区举办的样本会议数
// unit: conferences
// dated: flow x.year
// source: CINGAI 2023, table 2 and the text under it, section 5
MATCH (x:Conference {in_sample: true})
MATCH (x)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(x) AS value
