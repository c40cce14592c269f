// title: Where the people of a province's companies studied | 一省企业人才的求学机构
// browser: :param region => '四川省'
MATCH (p:Person)-[:WORKS_FOR]->(c:Company)
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(:Region {level: 'province', name: $region})
MATCH (p)-[:STUDIED_AT]->(u)
OPTIONAL MATCH (u)-[:LOCATED_IN]->(k:Region)
RETURN u.name AS school, k.country AS country, count(DISTINCT p) AS people
ORDER BY people DESC, school
LIMIT 20
