// title: Mean international papers of universities | AI大学平均国际论文数
// definition: Mean over the sample universities whose international papers are known | 国际论文数已知的样本AI大学的平均国际论文数
// unit: papers
// dated: stock u.founded_year
// source: CINGAI 2023, table 2 and the text under it, section 2
MATCH (u:University {in_sample: true})
MATCH (u)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, avg(u.papers_intl) AS value
