// title: Share of the industry chain that is covered | 产业链环节覆盖度
// definition: Segments in which sample companies of the region are active, of 100 of the chain | 该地区样本企业涉及的产业链环节占全部环节的百分比
// unit: percent
// dated: stock c.founded_year
// param: segments = 98
// source: AITISA 2020-2021, table 1, no. 23; 98 segments are the fewest that give all six printed percentages (9.2 to 14.3)
MATCH (c:Company {in_sample: true})-[:ACTIVE_IN]->(s:Segment)
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, 100.0 * count(DISTINCT s) / $segments AS value
