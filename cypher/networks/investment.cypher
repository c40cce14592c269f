// title: Investment | 投资
// definition: Who finances whom: a disclosed investor and each company it has invested in; the weight is the number of financing links | 谁投资了谁：已披露的投资方与其投资的每家企业，权重为融资关系数
// unit: links
// dated: flow t.year
// directed: yes
// source: the graph model of this project
MATCH (a)-[t:INVESTED_IN]->(b:Company)
WHERE coalesce(t.disclosed, true)
RETURN a.id AS source, b.id AS target, count(t) AS weight
