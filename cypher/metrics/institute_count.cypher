// title: Institutes | 机构数
// definition: Sample institutes located in the region | 位于该地区的样本非大学科研机构数
// unit: institutes
// dated: stock n.founded_year
// source: CINGAI 2023, table 2 and the text under it, section 2
MATCH (n:Institute {in_sample: true})
MATCH (n)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(n) AS value
