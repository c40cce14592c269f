// title: Industrial parks | 产业园区数
// definition: Sample parks located in the region | 位于该地区的样本产业园区数
// unit: parks
// dated: stock k.year
// source: CINGAI 2023, table 2 and the text under it, section 6
MATCH (k:Park {in_sample: true})
MATCH (k)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(k) AS value
