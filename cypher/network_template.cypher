// title: NAME | NAME
// definition: Organisations that collaborate; the weight is the number of links | 开展合作的主体，权重为合作关系数
// unit: links
// dated: flow t.year
// directed: no
// source: where the definition comes from
MATCH (a)-[t:COLLABORATES_WITH]->(b)
RETURN a.id AS source, b.id AS target, count(t) AS weight
