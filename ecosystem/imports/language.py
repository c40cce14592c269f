"""The language of mappings: what a mapping file may say, key by key, with the text that the reference shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field
from pydantic import model_validator as check

from ecosystem.dataset.model_form import NO_ADDITIONS, ModelForm
from ecosystem.imports.cell_language import (
    Cell,
    CellSpec,
    Chain,
    Conditions,
    Encoding,
    FileNames,
    SomeTexts,
    Spec,
    Texts,
)
from ecosystem.imports.money_language import Money
from ecosystem.imports.place_language import Places
from ecosystem.tables.form import Form, Format


class FillDown(Spec):
    """Blocks of rows: the first has all cells, those under it leave some blank."""

    key: str = Field(description="a row in which this column is not blank begins a block")
    columns: list[str] = Field(
        description="cells that the other rows of the block take from its first row, blank ones too"
    )


class Join(Spec):
    """The rows of another file that belong to a row: the row stands there once for each of them, unless `first`."""

    file: str = Field(description="the key of the other file")
    on: Annotated[dict[str, str], Field(min_length=1)] = Field(
        description="column of this file = column of the other; all of them have to agree, and not be blank"
    )
    first: bool = Field(False, description="of several rows that belong to a row only the first is joined")


def _headers(entry: object) -> object:
    """A list of names is the one header of a file."""
    return [entry] if isinstance(entry, list) and all(isinstance(name, str) for name in entry) else entry


class FileSpec(Spec):
    """A file of the export: text, JSON or YAML, packed with gzip or not, a sheet, Parquet, SQLite, or one in a zip."""

    path: FileNames = Field(
        description="its name in the folder that --from gives, or the names of several files with the same columns, or "
        "a pattern of names, e.g. works/*.jsonl.gz; a --from that is a file replaces it, one that is a zip archive is "
        "the folder"
    )
    member: str | None = Field(
        None, description="a file in a zip archive that has several, or a pattern of their names"
    )
    format: Format | None = Field(
        None,
        description="by default as the name of the file says, or its beginning; json is one document, jsonl has a "
        "record on each line",
    )
    encoding: Encoding = Field("utf-8", description="a Python codec, e.g. gbk, gb18030, utf-16; utf-8 may have a BOM")
    delimiter: str = Field(
        ",",
        pattern=r'^[^"\r\n]$',
        description='one character; a tab is "\\t". Where the first line of a file is `sep=;` that is its delimiter',
    )
    skip: int = Field(0, ge=0, description="lines above the header, of a text or a sheet, that are left out")
    comment: str | None = Field(None, min_length=1, description="lines that begin with this are left out, e.g. #")
    sheet: str | None = Field(None, description="the sheet of a workbook that has several")
    table: str | None = Field(None, description="the table of a SQLite database that has several")
    records: str | None = Field(
        None,
        min_length=1,
        description="the dotted key of the list of records in a JSON or YAML document that has several, e.g. results",
    )
    rows: Chain | None = Field(
        None,
        description="a chain of lists in a nested record, e.g. authorships[].institutions[]: a row for each of its "
        "elements; the columns are dotted paths, e.g. authorships[].institutions[].id",
    )
    header: Annotated[list[list[str]] | None, BeforeValidator(_headers)] = Field(
        None,
        description="names of the columns of a file that has no line of names; "
        "several lists where rows have different numbers of cells, each with a length of its own",
    )
    missing: list[str] = Field([], description="texts that mean blank, anywhere in the file, parts of split cells too")
    fill_down: FillDown | None = Field(None, description="blocks of rows")
    add: dict[str, Cell] = Field({}, description="columns made from others, in this order: name = cell")
    join: dict[str, Join] = Field(
        {},
        description="rows of other files that belong to a row; their columns are named `KEY.column`, "
        "and `add` may use them",
    )

    def form(self, columns: Iterable[str]) -> Form:
        """How the file is read; of nested records these columns, without those that the mapping makes."""
        own = dict.fromkeys(name for name in columns if name not in self.add and not self.is_joined(name))
        read = (self.format, self.member, self.encoding, self.delimiter, self.skip, self.comment)
        return Form(*read, self.sheet, self.table, self.records, self.rows, tuple(own), self.header is not None)

    @property
    def added_late(self) -> tuple[str, ...]:
        """The added columns that are made of joined ones, or of columns that are."""
        late: list[str] = []
        for name, cell in self.add.items():
            if any(self.is_joined(column) or column in late for column in cell.columns):
                late.append(name)
        return tuple(late)

    def is_joined(self, column: str) -> bool:
        """Whether a column is one of another file, by its name."""
        return any(column.startswith(f"{key}.") for key in self.join)

    @check(mode="after")
    def _has_one_header_a_length(self) -> Self:
        lengths = [len(names) for names in self.header or ()]
        if len(set(lengths)) < len(lengths):
            raise ValueError("has two headers of the same length")
        return self


class Each(Spec):
    """One cell with several things in it: each part counts as a row of its own."""

    columns: SomeTexts = Field(
        description="the columns that are split; several are zipped: first with first, and so on. "
        "Of nested records those with [] are split into the elements of their lists, without `by`"
    )
    by: Texts = Field([",", "，", "、", ";", "；"], description="separators; inside brackets they do not separate")
    keep_with: Texts = Field([], description="parts that stay with the one before, as Inc., Ltd., S.A. do: SAS, AG")


class Unnamed(Spec):
    """The node that stands for a cell in which nobody is named."""

    id: Cell = Field(description="its id: of the event, never one for all")
    name: Cell = Field(description="its name")


class NodeSpec(Spec):
    """Nodes of one label. A row speaks of one node, or with `each` of several; the same id is the same node."""

    label: str = Field(description="a label of the model, e.g. Company")
    file: str | None = Field(None, description="the file, where there are several")
    keep: Conditions = Field(
        [],
        description="rows that count; the others are skipped. Where it looks at a column that `each` splits it is "
        "asked of every part, and parts are skipped",
    )
    each: Each | None = Field(None, description="cells with several things in them")
    id: Cell | None = Field(None, description="the id; a row without one is skipped")
    name: Cell | None = Field(None, description="the name")
    names: list[str] = Field([], description="columns with other names of the node, for `same_as` and `by = 'name'`")
    same_as: Texts = Field([], description="node tables above; a name that one of their nodes has means that node")
    in_sample: Cell | None = Field(None, description="true for what an index counts; blank is true")
    region: Places = Field([], description="where it is: LOCATED_IN")
    unnamed: Unnamed | None = Field(None, description="makes a node where the id is blank: of a cell that names nobody")
    properties: dict[str, Cell] = Field(
        {}, description="property = cell; where rows differ, the first that is not blank"
    )
    collect: list[str] = Field([], description="text properties that keep what every row says, with | between")

    @property
    def cells(self) -> Mapping[str, CellSpec]:
        """Key or property -> cell: id, name, in_sample, the properties."""
        own = {"id": self.id, "name": self.name, "in_sample": self.in_sample}
        return {key: cell for key, cell in own.items() if cell is not None} | self.properties

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of the file that the table looks at."""
        unnamed = (self.unnamed.id, self.unnamed.name) if self.unnamed else ()
        return (
            *(column for condition in self.keep for column in condition.columns),
            *(self.each.columns if self.each else ()),
            *(column for cell in (*self.cells.values(), *unnamed) for column in cell.columns),
            *self.names,
            *(column for place in self.region for column in place.used_columns),
        )


class EndSpec(Spec):
    """An end of a link: the nodes that the same row speaks of, or the one that a column names."""

    node: SomeTexts = Field(description="a node table, or several; a bare text or list is short for this")
    column: str | None = Field(
        None, description="the column that names the node, where rows of this file do not make it"
    )
    by: Literal["id", "name"] = Field(
        "id", description="what the column holds: the column that the id is made of, or a name"
    )


End = Annotated[EndSpec, BeforeValidator(lambda entry: {"node": entry} if isinstance(entry, str | list) else entry)]


class LinkSpec(Spec):
    """Links of one type, from each node of a row's one end to each of its other end; with `pairs` among its nodes."""

    type: str = Field(description="a link type of the model, e.g. INVESTED_IN")
    file: str | None = Field(None, description="the file, where there are several")
    keep: Conditions = Field([], description="rows that count; the others are skipped")
    source: End = Field(alias="from", description="where the link begins")
    target: End = Field(alias="to", description="where it ends")
    pairs: bool | Literal["event"] = Field(
        False,
        description="true: a link for every two nodes of a row, each two once, none with itself; `from` and `to` are "
        "the same node tables then. 'event': for every two that the rows of one event name",
    )
    event: str | None = Field(None, description="a column; rows with the same text are one event, its links each once")
    share: dict[str, str] = Field(
        {},
        description="property = property of the whole event, or of the row where there is no `event`, divided evenly "
        "among its links; a link that has the property by `properties` keeps it, and the rest is for the others",
    )
    named: str | None = Field(None, description="a property that is false where the link begins at an unnamed node")
    properties: dict[str, Cell] = Field({}, description="property = cell")

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of the file that the table looks at."""
        return (
            *(column for condition in self.keep for column in condition.columns),
            *(end.column for end in (self.source, self.target) if end.column is not None),
            *((self.event,) if self.event is not None else ()),
            *(column for cell in self.properties.values() for column in cell.columns),
        )

    @property
    def has_events(self) -> bool:
        """Whether rows are events, or each row is its own, for something is shared."""
        return self.event is not None or bool(self.share)


class MappingSpec(Spec):
    """A mapping file: how a foreign export becomes a dataset."""

    title: str = Field(description="what the source is")
    source: str = Field("", description="where it comes from, of which date")
    covers: str = Field("", description="the country that it is about, e.g. China | 中国; blank: the world")
    licence: str = Field("", description="what the data may be used for, e.g. CC0, CC BY 4.0")
    notes: list[str] = Field(
        [], description="what the mapping decides and the user should know; shown after the import"
    )
    files: Annotated[dict[str, FileSpec], Field(min_length=1)] = Field(description="the files: key = file")
    model: ModelForm = Field(NO_ADDITIONS, description="additions to the model, in the words of own-model.md")
    money: Money | None = Field(None, description="how amounts are read")
    nodes: Annotated[dict[str, NodeSpec], Field(min_length=1)] = Field(description="node tables: key = nodes")
    links: dict[str, LinkSpec] = Field({}, description="link tables: key = links")

    def file_of(self, table: NodeSpec | LinkSpec) -> str:
        """The key of the file that a table is made from: the only one where it names none."""
        return table.file if table.file is not None else next(iter(self.files))

    def columns_of(self, file: str) -> tuple[str, ...]:
        """Every column that the mapping looks at in a file, those that it adds among them."""
        spec = self.files[file]
        return (
            *(own for join in spec.join.values() for own in join.on),
            *((spec.fill_down.key, *spec.fill_down.columns) if spec.fill_down else ()),
            *(column for cell in spec.add.values() for column in cell.columns),
            *(column for table in self._tables() if self.file_of(table) == file for column in table.columns),
            *self._columns_for_joins(file),
        )

    def _columns_for_joins(self, file: str) -> Iterator[str]:
        """The columns of a file that the rows of other files take when they are joined with it."""
        for other, spec in self.files.items():
            for key, join in spec.join.items():
                if join.file == file:
                    yield from join.on.values()
                    used = self.columns_of(other)
                    yield from (column.removeprefix(f"{key}.") for column in used if column.startswith(f"{key}."))

    def _tables(self) -> list[NodeSpec | LinkSpec]:
        return [*self.nodes.values(), *self.links.values()]
