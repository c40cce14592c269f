// title: Co-investment | 联合投资
// definition: Investors of the same round of financing; the weight is the number of rounds they share | 同一轮融资中的投资方，权重为共同参与的轮次数
// unit: rounds
// dated: flow s.year
// directed: no
// source: Sorenson and Stuart 2001: co-investors of a round
MATCH (a)-[s:INVESTED_IN]->(c:Company)
MATCH (b)-[t:INVESTED_IN]->(c)
WHERE t.round_id = s.round_id AND a.id < b.id AND coalesce(s.disclosed, true) AND coalesce(t.disclosed, true)
RETURN a.id AS source, b.id AS target, count(DISTINCT s.round_id) AS weight
