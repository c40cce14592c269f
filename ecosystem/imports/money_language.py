"""The language of mappings, amounts of money: currencies, rates of exchange, words for what is rough or not told."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field
from pydantic import model_validator as check

from ecosystem.imports.cell_language import Currency, DecimalMark, Rate, Rates, Spec, Words, compared
from ecosystem.imports.currency_words import currency_words, spellings, word


class Money(Spec):
    """How amounts are read: `[currency] [number] [scale] [currency]` into millions of one currency.

    No rates are shipped. Known by themselves are scales (万, 亿, k, million, bn, Mrd., lakh, crore) and, with `into` or
    `rates`, the codes, symbols and names of currencies.
    """

    currencies: Rates = Field({}, description="words for currencies = how much of `into` one unit is")
    into: Currency = Field("CNY", description="the ISO 4217 code of the currency that amounts are made into")
    rates: dict[Currency, Rate] = Field(
        {}, description="ISO code = how much of `into` one unit is, in a year for which `rates_by_year` has no other"
    )
    rates_by_year: dict[int, dict[Currency, Rate]] = Field(
        {}, description="year = rates of that year: `[money.rates_by_year.2019]`; the cell names a column with `year`"
    )
    symbols: Annotated[dict[str, Currency], BeforeValidator(compared)] = Field(
        {}, description='what a symbol or word of several currencies means here, e.g. { "$" = "USD", "kr" = "SEK" }'
    )
    default: Annotated[str | None, BeforeValidator(compared)] = Field(
        None, description="the currency of an amount that names none, a word or an ISO code; without it, a fault"
    )
    decimal: DecimalMark = Field(".", description="what stands before the decimals")
    scales: Rates = Field({}, description='more words for scales = how many, e.g. { "mil" = 1000, "T" = 1e12 }')
    unknown: Words = Field([], description="words, with or without a currency, for an amount that nobody knows")
    vague: Rates = Field({}, description="words for a rough amount and how many units of the currency they are read as")
    about: Words = Field([], description="words before or after a number that make it rough, e.g. 近, 超, 级, >, +")
    range: Literal["low", "middle", "high"] | None = Field(
        None, description="what 1-5M counts as, and is rough; without it, a fault"
    )

    @check(mode="after")
    def _knows_its_currencies(self) -> Self:
        if not {"currencies", "into", "rates", "rates_by_year"} & self.model_fields_set:
            raise ValueError("names no currency: give currencies, or into and rates")
        if self.default is not None and not isinstance(self.words.get(word(self.default)), str):
            raise ValueError(f"default {self.default!r} is not one of the currencies")
        return self

    @cached_property
    def words(self) -> Mapping[str, str | frozenset[str]]:
        """Word for a currency -> its name in `currencies`, or its ISO code; several codes where it is ambiguous."""
        own = {word(name): name for name in self.currencies}
        if not {"into", "rates", "rates_by_year", "symbols"} & self.model_fields_set:
            return own
        known = {name: next(iter(codes)) if len(codes) == 1 else codes for name, codes in currency_words().items()}
        said = {also: code for name, code in self.symbols.items() for also in spellings(name)}
        return known | said | own

    @property
    def known(self) -> tuple[str, ...]:
        """The currencies that have a rate."""
        by_year = (code for rates in self.rates_by_year.values() for code in rates)
        own = (self.into,) if {"into", "rates", "rates_by_year"} & self.model_fields_set else ()
        return tuple(dict.fromkeys((*self.currencies, *own, *self.rates, *by_year)))
