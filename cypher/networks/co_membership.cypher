// title: Co-membership | 同盟关系
// definition: Members of the same alliance; each alliance of n members gives a pair of them the weight 1 / (n - 1), so that large ones do not drown the rest. A pair is dated by the later of its two memberships | 同一联盟的成员；有 n 个成员的联盟给其中每一对成员 1 / (n - 1) 的权重，使大联盟不至于淹没其他联盟；日期取两者中较晚加入的一个
// unit: shares
// dated: stock s.year
// directed: no
// source: Newman 2001, Physical Review E 64, 016132: collaborations weighted by 1 / (n - 1)
MATCH (a)-[s:MEMBER_OF]->(c:Alliance)
MATCH (b)-[t:MEMBER_OF]->(c)
WHERE coalesce(s.year, 0) > coalesce(t.year, 0) OR (coalesce(s.year, 0) = coalesce(t.year, 0) AND a.id < b.id)
RETURN a.id AS source, b.id AS target, sum(1.0 / (COUNT { MATCH (m)-[:MEMBER_OF]->(c) } - 1)) AS weight
