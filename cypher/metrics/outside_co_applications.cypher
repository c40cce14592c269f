// title: Patents applied for with partners outside | 专利申请人对外合作量
// definition: Patents in common of sample organisations of the region with organisations that are located, but not in the region | 该地区样本组织与区外组织（所在地已知）共同申请的专利数
// unit: patents
// dated: flow k.year
// source: AITISA 2020-2021, table 1, no. 16
MATCH (o:Company|University|Institute {in_sample: true})-[k:COLLABORATES_WITH]-(b) WHERE k.kind = 'patent'
MATCH (o)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
MATCH (b)-[:LOCATED_IN]->(:Region) WHERE NOT EXISTS { MATCH (b)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r) }
RETURN r.id AS region, sum(coalesce(k.count, 1)) AS value
