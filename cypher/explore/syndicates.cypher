// title: Investors who put money into the same rounds | 共同投资同一轮次的投资者
MATCH (a:Investor)-[s:INVESTED_IN]->(c:Company)<-[t:INVESTED_IN]-(b:Investor)
WHERE s.round_id = t.round_id AND a.id < b.id AND s.disclosed AND t.disclosed
WITH a, b, s, c ORDER BY c.id
RETURN a.name AS one, b.name AS other, count(DISTINCT s.round_id) AS rounds, collect(DISTINCT c.name)[..5] AS companies
ORDER BY rounds DESC, one, other
LIMIT 20
