// title: From study to work | 求学到就业
// definition: From where people studied to where they work; the weight is the number of people | 从人才求学的机构到其任职的机构，权重为人数
// unit: people
// dated: flow w.year
// directed: yes
// source: the graph model of this project
MATCH (p:Person)-[s:STUDIED_AT]->(a)
MATCH (p)-[w:WORKS_FOR]->(b)
RETURN a.id AS source, b.id AS target, count(DISTINCT p) AS weight
