// title: National maker spaces and incubators | 国家级众创空间及孵化器数量
// definition: Sample platforms of the categories "incubator" and "maker space" whose administrative rank is national | 该地区类别为“incubator”或“maker space”、级别为国家级的样本平台数
// unit: platforms
// dated: stock p.year
// source: AITISA 2020-2021, table 1, no. 10
MATCH (p:Platform {in_sample: true}) WHERE p.category IN ['incubator', 'maker space'] AND p.administrative_rank = 'national'
MATCH (p)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(p) AS value
