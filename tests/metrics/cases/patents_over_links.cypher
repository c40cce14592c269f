// title: Patents of the enabling company, once per link | 按关系累计专利
// unit: patents
// dated: flow t.year
// source: test
MATCH (c:Company {in_sample: true})-[t:ENABLES]->()
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, sum(c.patents) AS value
