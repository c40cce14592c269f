// title: Mean patents of institutes | 非大学科研机构平均专利数
// definition: Mean over the sample institutes whose patents are known | 专利数已知的样本非大学科研机构的平均专利数
// unit: patents
// dated: stock n.founded_year
// source: CINGAI 2023, table 2 and the text under it, section 2
MATCH (n:Institute {in_sample: true})
MATCH (n)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, avg(n.patents) AS value
