// title: Laboratories of city level and above | 市级以上实验室数量
// definition: Sample platforms of the category "laboratory" whose administrative rank is city, provincial or national | 该地区类别为“laboratory”、级别为市级、省级或国家级的样本平台数
// unit: platforms
// dated: stock p.year
// source: Scenario 2024, list of tables, table 22
MATCH (p:Platform {in_sample: true}) WHERE p.category = 'laboratory' AND p.administrative_rank IN ['city', 'provincial', 'national']
MATCH (p)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(p) AS value
