// title: Policies weighted by class | 政策发布综合数量
// definition: Sample policies, 0.4 for guidance, plans, support and regulation, 0.3 for outlines, 0.2 for management measures and rules, 0.1 for opinions and announcements; a sum, not a mean; policies of no such category are unclassed | 样本政策加权和（非均值）：指导、规划、扶持、监管类 0.4，规划纲要 0.3，管理办法与细则 0.2，意见与公示公告 0.1；不属于这些类别的政策计为未归类
// unit: policies
// dated: flow p.year
// source: TMTPost 2024, part 3 (1), table of classes
MATCH (p:Policy {in_sample: true})
MATCH (p)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, sum(CASE WHEN p.category IN ['guidance', 'plan', 'funding', 'support', 'regulation'] THEN 0.4 WHEN p.category = 'outline' THEN 0.3 WHEN p.category IN ['management measures', 'rules', 'management rules'] THEN 0.2 WHEN p.category IN ['opinion', 'guiding opinion', 'management opinion', 'announcement'] THEN 0.1 END) AS value
