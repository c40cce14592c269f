// title: New companies of five years | 近五年新增企业数量
// definition: Sample companies founded in the five years up to the end of the window, or up to $year where there is no window | 截至窗口末年（无窗口时为 $year 年）五年内成立的样本企业数
// unit: companies
// dated: stock c.founded_year
// param: year = 2024
// source: Scenario 2024, list of tables, table 11
MATCH (c:Company {in_sample: true}) WHERE c.founded_year > coalesce($until, $year) - 5 AND c.founded_year <= coalesce($until, $year)
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(c) AS value
