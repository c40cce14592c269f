// title: National open innovation platforms | 国家级开放创新平台数量
// definition: Sample platforms of the category "open innovation platform" whose administrative rank is national | 该地区类别为“open innovation platform”、级别为国家级的样本平台数
// unit: platforms
// dated: stock p.year
// source: AITISA 2020-2021, table 1, no. 21; TMTPost 2024, list of indicators in part 4 (3), no. 4
MATCH (p:Platform {in_sample: true}) WHERE p.category = 'open innovation platform' AND p.administrative_rank = 'national'
MATCH (p)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(p) AS value
