// title: Intelligent computing centres | 智算中心数量
// definition: Sample platforms of the category "intelligent computing centre" in the region | 该地区类别为“intelligent computing centre”的样本平台数
// unit: platforms
// dated: stock p.year
// source: Scenario 2024, list of tables, table 16
MATCH (p:Platform {in_sample: true}) WHERE p.category = 'intelligent computing centre'
MATCH (p)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(p) AS value
