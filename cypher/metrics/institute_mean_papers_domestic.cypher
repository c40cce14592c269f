// title: Mean domestic papers of institutes | 非大学科研机构平均国内论文数
// definition: Mean over the sample institutes whose domestic papers are known | 国内论文数已知的样本非大学科研机构的平均国内论文数
// unit: papers
// dated: stock n.founded_year
// source: CINGAI 2023, table 2 and the text under it, section 2
MATCH (n:Institute {in_sample: true})
MATCH (n)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, avg(n.papers_domestic) AS value
