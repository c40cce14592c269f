// title: Amount invested by investors | 投资机构投资金额
// definition: Sum of the amounts that investors (not companies) put into sample companies | 投资机构（不含企业）对样本企业的投资金额之和
// unit: CNY million
// dated: flow t.year
// source: AITISA 2020-2021, table 1, no. 5
MATCH (i:Investor)-[t:INVESTED_IN]->(c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, sum(t.amount_cny_m) AS value
