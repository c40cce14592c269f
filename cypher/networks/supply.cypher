// title: Segments with companies in common | 产业链环节共企业
// definition: Segments of the industry chain in which the same company is active; the weight is the number of companies. The graph has no link of supply from segment to segment or from company to company: this is what it knows of the chain. A pair is dated by the later of the company's two links | 同一企业同时所处的两个产业链环节，权重为企业数。图谱中没有环节之间或企业之间的供应关系，产业链的联系仅由此体现；日期取该企业两条关系中较晚的一条
// unit: companies
// dated: stock s.year
// directed: no
// source: Teece, Rumelt, Dosi and Winter 1994, Journal of Economic Behavior and Organization 23(1): industries are related where firms combine them
MATCH (c:Company)-[s:ACTIVE_IN]->(a:Segment)
MATCH (c)-[t:ACTIVE_IN]->(b:Segment)
WHERE coalesce(s.year, 0) > coalesce(t.year, 0) OR (coalesce(s.year, 0) = coalesce(t.year, 0) AND a.id < b.id)
RETURN a.id AS source, b.id AS target, count(DISTINCT c) AS weight
