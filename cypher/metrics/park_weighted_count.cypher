// title: Parks weighted by the share of AI companies | 人工智能园区综合数量
// definition: Sample parks, 0.55 where AI companies are over 10 % of all, 0.25 from 5 %, 0.15 from 3 %, 0.05 below; a sum, not a mean | 样本园区加权和（非均值）：人工智能企业覆盖率 10% 以上 0.55，5%-10% 0.25，3%-5% 0.15，3% 以下 0.05
// unit: parks
// dated: stock k.year
// source: TMTPost 2024, part 3 (2), table of coverage; which class a share of exactly 3, 5 or 10 % belongs to is not printed
MATCH (k:Park {in_sample: true})
MATCH (k)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, sum(CASE WHEN k.ai_company_share > 0.1 THEN 0.55 WHEN k.ai_company_share >= 0.05 THEN 0.25 WHEN k.ai_company_share >= 0.03 THEN 0.15 WHEN k.ai_company_share >= 0 THEN 0.05 END) AS value
