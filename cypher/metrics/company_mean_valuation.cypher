// title: Mean valuation or market value | 企业平均估值/市值
// definition: Mean over the sample companies with a valuation, or else a market capitalisation | 有估值（无则取市值）的样本企业的平均值
// unit: CNY million
// dated: stock c.founded_year
// source: CINGAI 2023, table 2 and the text under it, section 1
MATCH (c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, avg(coalesce(c.valuation_cny_m, c.market_cap_cny_m)) AS value
