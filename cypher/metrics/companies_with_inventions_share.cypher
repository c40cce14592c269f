// title: Share of companies with inventions | 拥有发明专利的企业占比
// definition: Of 100 sample companies whose number is known, those that hold an invention patent | 发明专利数已知的样本企业中，拥有发明专利的企业百分比
// unit: percent
// dated: stock c.founded_year
// source: AITISA 2020-2021, table 1, no. 22
MATCH (c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, 100.0 * sum(CASE WHEN c.invention_patents > 0 THEN 1 ELSE 0 END) / count(c.invention_patents) AS value
