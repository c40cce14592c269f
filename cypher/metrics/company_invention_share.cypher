// title: Share of inventions among patents | 发明专利占比
// definition: Invention patents per 100 patents of the sample companies for which both numbers are known | 专利数与发明专利数均已知的样本企业中，发明专利占专利的百分比
// unit: percent
// dated: stock c.founded_year
// source: AITISA 2020-2021, table 1, no. 15
MATCH (c:Company {in_sample: true}) WHERE c.patents IS NOT NULL AND c.invention_patents IS NOT NULL
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, 100.0 * sum(c.invention_patents) / sum(c.patents) AS value
