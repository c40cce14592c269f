// title: Universities | AI大学数
// definition: Sample universities located in the region | 位于该地区的样本AI大学数
// unit: universities
// dated: stock u.founded_year
// source: CINGAI 2023, table 2 and the text under it, section 2
MATCH (u:University {in_sample: true})
MATCH (u)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(u) AS value
