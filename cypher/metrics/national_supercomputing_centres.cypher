// title: National supercomputing centres | 国家级超算中心数量
// definition: Sample platforms of the category "supercomputing centre" whose administrative rank is national | 该地区类别为“supercomputing centre”、级别为国家级的样本平台数
// unit: platforms
// dated: stock p.year
// source: AITISA 2020-2021, table 1, no. 8
MATCH (p:Platform {in_sample: true}) WHERE p.category = 'supercomputing centre' AND p.administrative_rank = 'national'
MATCH (p)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(p) AS value
