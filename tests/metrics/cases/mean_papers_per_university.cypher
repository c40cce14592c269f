// title: Mean of domestic and international papers | 平均论文数
// unit: papers
// dated: stock u.founded_year
// source: test
MATCH (u:University {in_sample: true})
MATCH (u)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, avg(coalesce(u.papers_domestic, 0) + coalesce(u.papers_intl, 0)) AS value
