// title: Distinct investors | 投资者数
// unit: investors
// dated: flow t.year
// source: test
MATCH (i)-[t:INVESTED_IN]->(c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(DISTINCT i) AS value
