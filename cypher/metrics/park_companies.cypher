// title: Companies in parks | 入园企业数量
// definition: Sample companies of the region that are in at least one sample park, wherever that lies | 该地区至少入驻一个样本园区（不论园区在何处）的样本企业数
// unit: companies
// dated: stock c.founded_year
// source: this project; TMTPost 2024, part 3 (2), and the report on the parks of 20 cities look at the companies of parks
MATCH (c:Company {in_sample: true})-[:IN_PARK]->(k:Park {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(DISTINCT c) AS value
