// title: Open innovation platforms | 开放创新平台数量
// definition: Sample platforms of the category "open innovation platform" in the region | 该地区类别为“open innovation platform”的样本平台数
// unit: platforms
// dated: stock p.year
// source: TMTPost 2024, list of indicators in part 4 (3), no. 4; AITISA 2020-2021, table 1, no. 21
MATCH (p:Platform {in_sample: true}) WHERE p.category = 'open innovation platform'
MATCH (p)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(p) AS value
