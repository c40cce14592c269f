// title: Segments of companies | 企业所处环节
// definition: Companies and the segments of the industry chain they are active in, a network of two kinds of nodes; the weight is the number of links | 企业与其所处的产业链环节（二模网络），权重为关系数
// unit: links
// dated: stock t.year
// directed: yes
// source: the graph model of this project
MATCH (a:Company)-[t:ACTIVE_IN]->(b:Segment)
RETURN a.id AS source, b.id AS target, count(t) AS weight
