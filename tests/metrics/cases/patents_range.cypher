// title: Range of the patents of companies that enable another | 赋能企业的专利极差
// unit: patents
// dated: stock c.founded_year
// source: test
MATCH (c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
WHERE (c)-[:ENABLES]->()
RETURN r.id AS region, max(c.patents) - min(c.patents) AS value
