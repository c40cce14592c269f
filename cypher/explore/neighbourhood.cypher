// title: Everything that hangs on an organisation | 与一个机构相连的一切
// browser: :param id => 'C000001'
MATCH (a:Company|Investor|University|Institute {id: $id})
MATCH (a)-[t:ENABLES|INVESTED_IN|COLLABORATES_WITH|MEMBER_OF|ACTIVE_IN|LOCATED_IN|WORKS_FOR|WORKED_AT|STUDIED_AT]-(b)
RETURN a, t, b
LIMIT 300
