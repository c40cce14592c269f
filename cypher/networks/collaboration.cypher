// title: Collaboration | 合作
// definition: Which organisations work together; the weight is the number of collaboration links, whatever each of them counts | 哪些机构相互合作，权重为合作关系数，不计每条关系所含的件数
// unit: links
// dated: flow t.year
// directed: no
// source: the graph model of this project
MATCH (a)-[t:COLLABORATES_WITH]->(b)
RETURN a.id AS source, b.id AS target, count(t) AS weight
