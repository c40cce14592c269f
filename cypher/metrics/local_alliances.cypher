// title: Local industry organisations | 地方行业组织数量
// definition: Sample alliances whose administrative rank is provincial, city or district | 该地区级别为省级、市级或区县级的样本产业联盟数
// unit: alliances
// dated: stock a.year
// source: AITISA 2020-2021, table 1, no. 4
MATCH (a:Alliance {in_sample: true}) WHERE a.administrative_rank IN ['provincial', 'city', 'district']
MATCH (a)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(a) AS value
