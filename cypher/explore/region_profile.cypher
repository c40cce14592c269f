// title: What a region has, by kind | 一个地区各类主体的数量
// browser: :param region => '四川省'
MATCH (n)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(:Region {name: $region})
WHERE n.in_sample
RETURN labels(n)[0] AS kind, count(DISTINCT n) AS number
ORDER BY number DESC, kind
