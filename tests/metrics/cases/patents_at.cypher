// title: Patents that a share of the links does not exceed | 按关系计的专利分位数
// unit: patents
// param: share = 0.75
// dated: flow t.year
// source: test
MATCH (c:Company {in_sample: true})-[t:ENABLES]->(b)
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, percentileDisc(c.patents, $share) AS value
