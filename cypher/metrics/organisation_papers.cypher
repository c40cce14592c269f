// title: Papers of universities and institutes | 学术论文发表量
// definition: Domestic and international papers of sample universities and institutes | 样本大学和科研机构的国内与国际论文数之和
// unit: papers
// dated: none
// source: Scenario 2024, list of tables, table 25
MATCH (o:University|Institute {in_sample: true})
MATCH (o)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, sum(coalesce(o.papers_domestic, 0) + coalesce(o.papers_intl, 0)) AS value
