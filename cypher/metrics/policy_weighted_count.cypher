// title: Policies weighted by class | 政策发布综合数量
// definition: Sample policies, 0.4 for guidance, plans, support and regulation, 0.3 for outlines, 0.2 for rules, 0.1 for opinions; a sum, not a mean | 样本政策加权和（非均值）：指导、规划、扶持、监管类 0.4，规划纲要 0.3，细则 0.2，意见 0.1
// unit: policies
// dated: flow p.year
// source: TMTPost 2024, part 3 (1), table of classes
MATCH (p:Policy {in_sample: true})
MATCH (p)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, sum(CASE WHEN p.category IN ['guidance', 'plan', 'funding', 'support', 'regulation'] THEN 0.4 WHEN p.category = 'outline' THEN 0.3 WHEN p.category = 'rules' THEN 0.2 WHEN p.category = 'opinion' THEN 0.1 END) AS value
