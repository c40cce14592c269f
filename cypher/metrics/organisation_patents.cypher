// title: Patents of organisations | 专利数量
// definition: Sum of the patents held by sample companies, universities and institutes | 样本企业、大学和科研机构持有的专利之和
// unit: patents
// dated: none
// source: AITISA 2020-2021, table 1, no. 14
MATCH (o:Company|University|Institute {in_sample: true})
MATCH (o)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, sum(o.patents) AS value
