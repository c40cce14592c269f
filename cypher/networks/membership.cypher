// title: Membership | 联盟成员
// definition: Organisations and the alliances they are members of, a network of two kinds of nodes; the weight is the number of memberships | 机构与其加入的联盟（二模网络），权重为成员关系数
// unit: links
// dated: flow t.year
// directed: no
// source: the graph model of this project
MATCH (a)-[t:MEMBER_OF]->(b:Alliance)
RETURN a.id AS source, b.id AS target, count(t) AS weight
