// title: Foundation and technology layer companies | 基础和技术层企业数
// definition: Sample companies in the foundation or technology layer | 处于基础层或技术层的样本企业数
// unit: companies
// dated: stock c.founded_year
// source: CINGAI 2023, table 2 and the text under it, section 1, footnote 1
MATCH (c:Company {in_sample: true}) WHERE c.layer IN ['foundation', 'technology']
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(c) AS value
