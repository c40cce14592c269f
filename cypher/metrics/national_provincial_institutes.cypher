// title: National and provincial institutes | 国家级、省级研究机构与技术中心数量
// definition: Sample institutes, technology centres among them, whose administrative rank is national or provincial | 该地区级别为国家级或省级的样本科研机构（含技术中心）数
// unit: institutes
// dated: stock n.founded_year
// source: AITISA 2020-2021, table 1, no. 11; that the rank is asked of technology centres too is assumed
MATCH (n:Institute {in_sample: true}) WHERE n.administrative_rank IN ['national', 'provincial']
MATCH (n)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(n) AS value
