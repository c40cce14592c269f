// title: Growth of new companies | 年度新增企业增速
// definition: Change of the number of new sample companies on the year before | 样本企业年度新增数量较上年的增速
// unit: percent
// dated: stock c.founded_year
// param: year = 2023
// source: TMTPost 2024, list of indicators in part 4 (3), no. 8
MATCH (c:Company {in_sample: true}) WHERE c.founded_year = coalesce($until, $year) OR c.founded_year = coalesce($until, $year) - 1
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, 100.0 * (sum(CASE WHEN c.founded_year = coalesce($until, $year) THEN 1 ELSE 0 END) - sum(CASE WHEN c.founded_year = coalesce($until, $year) THEN 0 ELSE 1 END)) / sum(CASE WHEN c.founded_year = coalesce($until, $year) THEN 0 ELSE 1 END) AS value
