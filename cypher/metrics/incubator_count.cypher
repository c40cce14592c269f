// title: Maker spaces and incubators | 众创空间及孵化器数量
// definition: Sample platforms of the categories "incubator" and "maker space" in the region, whatever their rank | 该地区类别为“incubator”或“maker space”的样本平台数（不论级别）
// unit: platforms
// dated: stock p.year
// source: AITISA 2020-2021, table 1, no. 10
MATCH (p:Platform {in_sample: true}) WHERE p.category IN ['incubator', 'maker space']
MATCH (p)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(p) AS value
