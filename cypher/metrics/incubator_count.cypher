// title: Maker spaces and incubators | 众创空间及孵化器数量
// definition: Sample platforms of the category "incubator" in the region | 该地区类别为“incubator”的样本平台数
// unit: platforms
// dated: stock p.year
// source: AITISA 2020-2021, table 1, no. 10
MATCH (p:Platform {in_sample: true}) WHERE p.category = 'incubator'
MATCH (p)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(p) AS value
