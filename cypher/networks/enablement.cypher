// title: Technology enablement | 技术赋能
// definition: Who enables whom with technology; the weight is the number of enablement links | 谁以技术赋能谁，权重为技术赋能关系数
// unit: links
// dated: flow t.year
// directed: yes
// source: the links of CINGAI 2023, table 2
MATCH (a)-[t:ENABLES]->(b)
RETURN a.id AS source, b.id AS target, count(t) AS weight
