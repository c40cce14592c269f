// title: Market capitalisation of listed companies | 上市企业市值
// definition: Sum of the market capitalisation of the listed sample companies | 已上市样本企业的市值之和
// unit: CNY million
// dated: stock c.founded_year
// source: TMTPost 2024, list of indicators in part 4 (3), no. 21
MATCH (c:Company {in_sample: true}) WHERE c.listed
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, sum(c.market_cap_cny_m) AS value
