// title: Participants of conferences | 会议参加者数量
// definition: Organisations and people, each once, that took part in sample conferences held in the region | 参加在该地区举办的样本会议的组织与个人数（不重复计）
// unit: participants
// dated: flow f.year
// source: this project; conferences are among the connectors of CINGAI 2023
MATCH (o)-[:ATTENDED]->(f:Conference {in_sample: true})
MATCH (f)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(DISTINCT o) AS value
