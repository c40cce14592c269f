"""The store on a Neo4j server: address, connection, marker, load, questions."""
