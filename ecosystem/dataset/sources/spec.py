"""The language of mappings: what a mapping file may say, key by key, with the text that the reference shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic import model_validator as check

from ecosystem.dataset.sources.cell_spec import Cell, CellSpec, Conditions, Money, Spec, Texts


def _encoding(name: str) -> str:
    try:
        b"  ".decode(name)
    except UnicodeError:
        return name  # two blanks are no text in it, but the codec is there
    except LookupError as err:
        raise ValueError(f"is not a text encoding: {name!r}; known are utf-8, gbk, gb18030, big5, utf-16, ...") from err
    return name


Encoding = Annotated[str, AfterValidator(_encoding)]


class FillDown(Spec):
    """Blocks of rows: the first has all cells, those under it leave some blank."""

    key: str = Field(description="a row in which this column is not blank begins a block")
    columns: list[str] = Field(
        description="cells that the other rows of the block take from its first row, blank ones too"
    )


class FileSpec(Spec):
    """A file of the export: delimited text, packed with gzip or not, or a sheet of an Excel workbook (.xlsx)."""

    path: str = Field(description="its name in the folder that --from gives; a --from that is a file replaces it")
    encoding: Encoding = Field("utf-8", description="a Python codec, e.g. gbk, gb18030, utf-16; utf-8 may have a BOM")
    delimiter: str = Field(",", pattern=r'^[^"\r\n]$', description='one character; a tab is "\\t"')
    sheet: str | None = Field(None, description="the sheet of a workbook that has several")
    header: list[str] | None = Field(None, description="names of the columns of a file that has no line of names")
    missing: list[str] = Field([], description="texts that mean blank, anywhere in the file, parts of split cells too")
    fill_down: FillDown | None = Field(None, description="blocks of rows")
    add: dict[str, Cell] = Field({}, description="columns made from others, in this order: name = cell")


class Each(Spec):
    """One cell with several things in it: each part counts as a row of its own."""

    columns: Texts = Field(description="the columns that are split; several are zipped: first with first, and so on")
    by: Texts = Field([",", "，", "、", ";", "；"], description="separators; inside brackets they do not separate")


class PlaceSpec(Spec):
    """Where a node is. In a list of places the first that leads to a region is taken."""

    column: str | None = Field(None, description="a column with a place")
    columns: list[str] | None = Field(None, description="several columns, the largest region first")
    split: str | None = Field(None, description="what separates larger and smaller regions in the cell, e.g. -")
    skip: list[str] = Field([], description="parts that are no region, e.g. continents")
    level: str | None = Field(
        None,
        description="the level at which the first part is looked up first; where there are several parts: province",
    )
    prefix_of: str | None = Field(
        None, description="a column with a legal name; its beginning counts with 省, 市, 区 ... or as a province"
    )

    @check(mode="after")
    def _has_one_origin(self) -> Self:
        if sum(origin is not None for origin in (self.column, self.columns, self.prefix_of)) != 1:
            raise ValueError("needs exactly one of column, columns, prefix_of")
        return self

    @property
    def used_columns(self) -> tuple[str, ...]:
        """Every column that the place looks at."""
        return tuple(self.columns or [self.column or self.prefix_of or ""])


def _place(entry: object) -> object:
    return [{"column": one} if isinstance(one, str) else one for one in (entry if isinstance(entry, list) else [entry])]


class Unnamed(Spec):
    """The node that stands for a cell in which nobody is named."""

    id: Cell = Field(description="its id: of the event, never one for all")
    name: Cell = Field(description="its name")


class NodeSpec(Spec):
    """Nodes of one label. A row speaks of one node, or with `each` of several; the same id is the same node."""

    label: str = Field(description="a label of the model, e.g. Company")
    file: str | None = Field(None, description="the file, where there are several")
    keep: Conditions = Field([], description="rows that count; the others are skipped")
    each: Each | None = Field(None, description="cells with several things in them")
    id: Cell | None = Field(None, description="the id; a row without one is skipped")
    name: Cell | None = Field(None, description="the name")
    names: list[str] = Field([], description="columns with other names of the node, for `same_as` and `by = 'name'`")
    same_as: Texts = Field([], description="node tables above; a name that one of their nodes has means that node")
    in_sample: Cell | None = Field(None, description="true for what an index counts; blank is true")
    region: Annotated[list[PlaceSpec], BeforeValidator(_place)] = Field([], description="where it is: LOCATED_IN")
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
            *(condition.column for condition in self.keep),
            *(self.each.columns if self.each else ()),
            *(column for cell in (*self.cells.values(), *unnamed) for column in cell.columns),
            *self.names,
            *(column for place in self.region for column in place.used_columns),
        )


class EndSpec(Spec):
    """An end of a link: the nodes that the same row speaks of, or the one that a column names."""

    node: str = Field(description="a node table; a bare text is short for this")
    column: str | None = Field(
        None, description="the column that names the node, where rows of this file do not make it"
    )
    by: Literal["id", "name"] = Field(
        "id", description="what the column holds: the column that the id is made of, or a name"
    )


End = Annotated[EndSpec, BeforeValidator(lambda entry: {"node": entry} if isinstance(entry, str) else entry)]


class LinkSpec(Spec):
    """Links of one type, from each node of a row's one end to each of its other end."""

    type: str = Field(description="a link type of the model, e.g. INVESTED_IN")
    file: str | None = Field(None, description="the file, where there are several")
    keep: Conditions = Field([], description="rows that count; the others are skipped")
    source: End = Field(alias="from", description="where the link begins")
    target: End = Field(alias="to", description="where it ends")
    event: str | None = Field(None, description="a column; rows with the same text are one event, its links each once")
    share: dict[str, str] = Field(
        {}, description="property = property of the whole event, divided evenly among the links of the event"
    )
    named: str | None = Field(None, description="a property that is false where the link begins at an unnamed node")
    properties: dict[str, Cell] = Field({}, description="property = cell")

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of the file that the table looks at."""
        return (
            *(condition.column for condition in self.keep),
            *(end.column for end in (self.source, self.target) if end.column is not None),
            *((self.event,) if self.event is not None else ()),
            *(column for cell in self.properties.values() for column in cell.columns),
        )


class MappingSpec(Spec):
    """A mapping file: how a foreign export becomes a dataset."""

    title: str = Field(description="what the source is")
    source: str = Field("", description="where it comes from, of which date")
    notes: list[str] = Field(
        [], description="what the mapping decides and the user should know; shown after the import"
    )
    files: Annotated[dict[str, FileSpec], Field(min_length=1)] = Field(description="the files: key = file")
    money: Money | None = Field(None, description="how amounts are read")
    nodes: Annotated[dict[str, NodeSpec], Field(min_length=1)] = Field(description="node tables: key = nodes")
    links: dict[str, LinkSpec] = Field({}, description="link tables: key = links")

    def file_of(self, table: NodeSpec | LinkSpec) -> str:
        """The key of the file that a table is made from: the only one where it names none."""
        return table.file if table.file is not None else next(iter(self.files))

    def columns_of(self, file: str) -> tuple[str, ...]:
        """Every column that the mapping looks at in a file, those that it adds among them."""
        spec = self.files[file]
        tables: list[NodeSpec | LinkSpec] = [*self.nodes.values(), *self.links.values()]
        return (
            *((spec.fill_down.key, *spec.fill_down.columns) if spec.fill_down else ()),
            *(column for cell in spec.add.values() for column in cell.columns),
            *(column for table in tables if self.file_of(table) == file for column in table.columns),
        )
