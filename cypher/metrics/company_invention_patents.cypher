// title: Invention patents of companies | 企业发明专利数量
// definition: Sum of the invention patents held by the sample companies | 样本企业持有的发明专利之和
// unit: patents
// dated: stock c.founded_year
// source: TMTPost 2024, list of indicators in part 4 (3), no. 16; the list does not say who holds them
MATCH (c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, sum(c.invention_patents) AS value
