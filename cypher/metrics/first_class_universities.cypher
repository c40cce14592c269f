// title: First-class universities | 一流大学数量
// definition: Sample universities, which have an AI programme, that are counted among the first-class ones | 样本大学（设有人工智能相关专业）中的一流大学数
// unit: universities
// dated: stock u.founded_year
// source: TMTPost 2024, list of indicators in part 4 (3), no. 3; which universities are first-class is not printed: the dataset says
MATCH (u:University {in_sample: true}) WHERE u.first_class
MATCH (u)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(u) AS value
