// title: Links by year and kind | 各年各类关系的数量
MATCH ()-[t:ENABLES|INVESTED_IN|COLLABORATES_WITH]->()
RETURN t.year AS year, type(t) AS kind, count(t) AS links
ORDER BY year, kind
