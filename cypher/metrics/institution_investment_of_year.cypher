// title: Amount invested by institutions in a year | 投资机构年度投资金额
// definition: Sum of the amounts that investment institutions put into sample companies in the last year of the window, or in $year where there is no window | 投资机构在窗口末年（无窗口时为 $year 年）对样本企业的投资金额之和
// unit: CNY million
// dated: flow t.year
// param: year = 2020
// source: AITISA 2020-2021, table 1, no. 5
MATCH (i:Investor {kind: 'institution'})-[t:INVESTED_IN]->(c:Company {in_sample: true}) WHERE t.year = coalesce($until, $year)
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, sum(t.amount_cny_m) AS value
