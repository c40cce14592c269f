"""What the name of an organisation says of it: a legal form, a university, an institute; or that it is not told."""

from __future__ import annotations

import re

UNKNOWN_PARTY = re.compile(
    r"^\W*(un ?disclosed|not disclosed|undisclosed investors?|unknown|unspecified|n/?a|not available|none|tbd"
    r"|confidential"
    r"|unbekannt|inconnu|non communique|no revelado|未透露|未披露|未公开|不明|非公開|非公表|비공개|미공개)\W*$",
    re.IGNORECASE,
)
LEGAL = (
    r"(?i)(?:\b(?:inc|llc|llp|ltd|limited|corp|corporation|plc|gmbh|ag|kg|ohg|ug|kgaa|se|sas|sasu|sarl|srl|spa|sa"
    r"|sl|slu|nv|bv|oy|oyj|ab|as|asa"
    r"|aps|pty|pte|pvt|co|company|lda|ltda|kft|zrt|sro|doo|kk|eood|ood|s\.?r\.?l|s\.?p\.?a|s\.?a\.?s?|s\.?l|b\.?v"
    r"|n\.?v|s\.?r\.?o"
    r"|sp\. ?z ?o\. ?o|a/s)\b\.?\W*$|有限公司|股份公司|集团|公司$|株式会社|有限会社|合同会社|㈱|\(株\)"
    r"|주식회사|㈜|\(주\))"
)
UNIVERSITY = (
    r"(?i)(?:universi|hochschule|\bcollege\b|\bpolytechni|politecnico|\b(?:eth|epfl|mit|caltech|ucl|kaist|insead)\b"
    r"|\binstitute of technology|ecole|école|\bschool of"
    r"|uniwersytet|politechnika|yliopisto|korkeakoulu|h[öø]gsk[o]l|højskole|hogeschool|univerzita|egyetem"
    r"|[üu]niversite|университет|grande école|大学|学院$|대학교|대학$|universität)"
)
INSTITUTE = (
    r"(?i)(?:institut(?!e of technology)|instytut|istituto|институт"
    r"|\bresearch (?:cent|org|found|council)|laborator|fraunhofer|max.planck"
    r"|helmholtz|leibniz"
    r"|\bcnrs\b|\binria\b|\bcea\b|\bcsic\b|\bcnr\b|\btno\b|\bvtt\b|\bsintef\b|academy of sciences"
    r"|研究所|研究院|研究中心"
    r"|研究機構|研究开发机构|연구원|연구소)"
)
LABELS = {"Company": LEGAL, "University": UNIVERSITY, "Institute": INSTITUTE}
"""What a name says of what it names; the last that fits counts: a university of applied sciences Ltd is no firm."""
_COMPILED_LABELS = {label: re.compile(pattern) for label, pattern in LABELS.items()}


def label_of(name: str) -> str | None:
    """What an organisation is, by its name alone; None where that does not say."""
    found = [label for label, pattern in _COMPILED_LABELS.items() if pattern.search(name)]
    return ("University" if "University" in found else found[-1]) if found else None
