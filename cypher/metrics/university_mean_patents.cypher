// title: Mean patents of universities | AI大学平均专利数
// definition: Mean over the sample universities whose patents are known | 专利数已知的样本AI大学的平均专利数
// unit: patents
// dated: stock u.founded_year
// source: CINGAI 2023, table 2 and the text under it, section 2
MATCH (u:University {in_sample: true})
MATCH (u)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, avg(u.patents) AS value
