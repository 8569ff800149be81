"""Public examples: what the portal, teachers and other programs have published comes out here, too."""

from datetime import date
from decimal import Decimal

from domain.documents.pricing import DOCUMENT_TYPES
from domain.documents.taxation import TaxRequest
from domain.tax.discount import Discount
from domain.tax.parties import Sides
from domain.tax.supply import outward_supply
from tests.support.cases import all_cases
from tests.support.gst_documents import line, organization, party, priced
from tests.support.gst_vectors import VECTORS

MOST_DIFFERENCES = 3
DAY = date(2026, 1, 10)


def shown(vector):
    """The fields that the document has, as texts by their API names."""
    sides = Sides(
        None if vector.home is None else organization(vector.home, lut=vector.lut, composition=vector.composition),
        None if vector.treatment is None else party(vector.treatment),
    )
    place = vector.place
    supply = outward_supply(sides, place, DAY, reverse_charge=vector.reverse)
    discount = None
    if vector.discount is not None:
        discount = Discount(**{name: Decimal(value) for name, value in vector.discount.items()})
    request = TaxRequest(place, vector.reverse, discount, "nearest" if vector.rounds else None)
    lines = [line(*numbers[:3], **numbers[3]) for numbers in vector.lines]
    assert request.check(supply, sides, lines) == []
    return priced(lines, vector.currency, request.terms(supply))


@all_cases("vector", VECTORS, ids=lambda vector: vector.name)
def test_a_published_example_comes_out(vector):
    found = shown(vector)
    assert {name: found[name] for name in vector.expected} == vector.expected
    assert found.get("documentType") in (None, *DOCUMENT_TYPES)


def test_there_are_thirty_examples_and_few_differ_each_with_its_reason():
    differing = [vector for vector in VECTORS if vector.published]
    assert len(VECTORS) - len(differing) >= 30
    assert len(differing) <= MOST_DIFFERENCES
    assert all(vector.why for vector in differing)
    assert all(vector.source.startswith("https://") and date.fromisoformat(vector.day) for vector in VECTORS)
    assert [
        vector.name
        for vector in differing
        if vector.published and not vector.published.items() - vector.expected.items()
    ] == []
