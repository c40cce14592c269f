// title: Companies with the most partners | 合作与赋能伙伴最多的企业
MATCH (c:Company {in_sample: true})-[:ENABLES|COLLABORATES_WITH]-(b)
WHERE b <> c
WITH c, b ORDER BY b.id
RETURN c.id AS company, c.name AS name, count(DISTINCT b) AS partners, collect(DISTINCT labels(b)[0]) AS kinds
ORDER BY partners DESC, company
LIMIT 20
