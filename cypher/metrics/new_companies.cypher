// title: New companies of a year | 年度新增企业数量
// definition: Sample companies founded in the last year of the window, or in $year where there is no window | 在窗口末年（无窗口时为 $year 年）成立的样本企业数
// unit: companies
// dated: stock c.founded_year
// param: year = 2023
// source: TMTPost 2024, list of indicators in part 4 (3), no. 8
MATCH (c:Company {in_sample: true}) WHERE c.founded_year = coalesce($until, $year)
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(c) AS value
