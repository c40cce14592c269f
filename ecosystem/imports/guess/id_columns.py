"""Columns of ids: those of registers of organisations, and those that say nothing but that they are ids."""

from __future__ import annotations

import re

from ecosystem.imports.guess.column_guess import Column

_REGISTER = re.compile(
    r"\b(siren|siret|lei|duns|uei|cik|hrb|cnpj|crn|permalink|ror|grid|cin|nipc|nif|cif|ein|cage|eori|vat|ust ?id|rcs"
    r"|corporate number|company (no|number)|tax|isni|wikidata|pic|cvr|kvk|nip|krs|regon|ico|inn|ogrn|rfc|cuit|abn|acn"
    r"|y ?tunnus|org(anisasjons|anisations)? ?(nr|nummer))\b|regist(er|ro|ration|re)|partita iva"
    r"|codice fiscale|инн\b|огрн\b|信用代码|法人番号|법인등록번호|사업자"
)
_ID_WORDS = frozenset(
    [
        "id",
        "ids",
        "no",
        "nr",
        "num",
        "number",
        "code",
        "key",
        "identifier",
        "uuid",
        "guid",
        "ref",
        "reference",
        "slug",
        "编号",
        "代码",
        "番号",
        "번호",
        "코드",
    ]
)


def is_register(column: Column) -> bool:
    """Whether the name of a column is one of a register of organisations, or of a code of theirs."""
    return _REGISTER.search(column.plain) is not None


def says_whose(column: Column) -> bool:
    """Whether the name of an id says nothing but that it is one: then it is of what the rows are."""
    return all(word in _ID_WORDS for word in column.plain.split()) or is_register(column)
