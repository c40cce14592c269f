// title: Mobility of people | 人才流动
// definition: From where people worked before to where they work now; the weight is the number of people | 从人才曾任职的机构到其现任职的机构，权重为人数
// unit: people
// dated: flow w.year
// directed: yes
// source: the graph model of this project
MATCH (p:Person)-[s:WORKED_AT]->(a)
MATCH (p)-[w:WORKS_FOR]->(b)
RETURN a.id AS source, b.id AS target, count(DISTINCT p) AS weight
