// title: The industry chain of a region, its gaps first | 一个地区的产业链，缺口在前
// browser: :param region => '四川省'
MATCH (s:Segment)
OPTIONAL MATCH (s)<-[:ACTIVE_IN]-(c:Company)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(:Region {name: $region})
RETURN s.name AS segment, s.layer AS layer, count(DISTINCT c) AS companies
ORDER BY companies, segment
