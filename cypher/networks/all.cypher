// title: All direct links | 全部直接关系
// definition: Investment, enablement and collaboration together, without directions; the weight is the number of links | 投资、技术赋能与合作之和，不计方向，权重为关系数
// unit: links
// dated: flow t.year
// directed: no
// source: the graph model of this project
MATCH (a)-[t:INVESTED_IN|ENABLES|COLLABORATES_WITH]->(b)
RETURN a.id AS source, b.id AS target, count(t) AS weight
