// title: The shortest way from one company to another | 两家企业之间的最短路径
// browser: :params {id: 'C000001', other: 'C000002'}
MATCH way = shortestPath(
  (a:Company {id: $id})-[:ENABLES|COLLABORATES_WITH|INVESTED_IN*..8]-(b:Company {id: $other})
)
RETURN length(way) AS steps, [n IN nodes(way) | n.name] AS over, [t IN relationships(way) | type(t)] AS links
