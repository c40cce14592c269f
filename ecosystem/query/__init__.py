"""The Cypher that metrics are written in: text to a checked tree, and SQL, Cypher and provenance out of that tree."""

from ecosystem.query.bound_query import BoundQuery, bind_query
from ecosystem.query.check import check, checked
from ecosystem.query.parser import parse
from ecosystem.query.printer import to_cypher
from ecosystem.query.schema import Schema
from ecosystem.query.sql import to_sql
from ecosystem.query.statement_tree import Query

__all__ = ["BoundQuery", "Query", "Schema", "bind_query", "check", "checked", "parse", "to_cypher", "to_sql"]
