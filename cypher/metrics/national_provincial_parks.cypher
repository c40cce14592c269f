// title: National and provincial parks | 国家级、省级产业园区数量
// definition: Sample parks whose administrative rank is national or provincial | 该地区级别为国家级或省级的样本产业园区数
// unit: parks
// dated: stock k.year
// source: AITISA 2020-2021, table 1, no. 9
MATCH (k:Park {in_sample: true}) WHERE k.administrative_rank IN ['national', 'provincial']
MATCH (k)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(k) AS value
