// title: Mean international papers of institutes | 非大学科研机构平均国际论文数
// definition: Mean over the sample institutes whose international papers are known | 国际论文数已知的样本非大学科研机构的平均国际论文数
// unit: papers
// dated: stock n.founded_year
// source: CINGAI 2023, table 2 and the text under it, section 2
MATCH (n:Institute {in_sample: true})
MATCH (n)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, avg(n.papers_intl) AS value
