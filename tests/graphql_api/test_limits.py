"""How much a document may ask for: what is refused is refused before it costs anything."""

from time import process_time

import pytest
from graphql import GraphQLError, get_introspection_query

from graphql_api.limits import (
    ALIASES,
    COUNTING,
    DEPTH,
    FIELDS,
    FRAGMENTS,
    MOST_COMMANDS,
    OPERATIONS,
    ROWS,
    TOKENS,
    WIDEST_PAGE,
    LimitExceeded,
    measured,
    read,
)


def refused(query: str, **variables: object) -> str:
    with pytest.raises(LimitExceeded) as caught:
        read(query, variables)
    extensions = caught.value.extensions
    assert extensions is not None
    return str(extensions["code"])


def nested(levels: int) -> str:
    return "{ a " * levels + "}" * levels


def test_the_questions_that_tools_ask_are_within_the_limits() -> None:
    read(get_introspection_query(input_value_deprecation=True, specified_by_url=True, directive_is_repeatable=True), {})


def test_a_document_has_a_depth() -> None:
    read(nested(DEPTH), {})
    assert refused(nested(DEPTH + 1)) == "QUERY_TOO_DEEP"


def test_depth_is_counted_through_fragments() -> None:
    chain = "".join(f"fragment f{n} on T {{ a {{ ...f{n + 1} }} }} " for n in range(DEPTH))
    assert refused(f"{{ ...f0 }} {chain} fragment f{DEPTH} on T {{ a }}") == "QUERY_TOO_DEEP"


def test_a_document_too_deep_to_be_parsed_is_refused() -> None:
    with pytest.raises(GraphQLError, match="too deeply"):
        read(nested(900), {})


def test_a_document_has_so_many_tokens() -> None:
    assert refused("{ " + "a " * TOKENS + "}") == "QUERY_TOO_LARGE"
    assert refused("{ a }" + "\n#" * (TOKENS + 1)) == "QUERY_TOO_LARGE"


def test_a_document_has_so_many_fields_and_aliases() -> None:
    read("{ " + "a " * FIELDS + "}", {})
    assert refused("{ " + "a " * (FIELDS + 1) + "}") == "TOO_MANY_FIELDS"
    read("{ " + " ".join(f"b{n}: a" for n in range(ALIASES)) + "}", {})
    assert refused("{ " + " ".join(f"b{n}: a" for n in range(ALIASES + 1)) + "}") == "TOO_MANY_ALIASES"


def test_a_document_has_so_many_operations() -> None:
    assert refused(" ".join(f"query q{n} {{ a }}" for n in range(OPERATIONS + 1))) == "TOO_MANY_OPERATIONS"


def test_a_document_has_so_many_fragments() -> None:
    def fragments(number: int) -> str:
        return " ".join(f"fragment f{n} on T {{ a }}" for n in range(number))

    read("{ ...f0 } " + fragments(FRAGMENTS), {})
    assert refused("{ ...f0 } " + fragments(FRAGMENTS + 1)) == "TOO_MANY_FRAGMENTS"
    twice = "fragment f0 on T { a } "
    assert refused("{ ...f0 } " + twice * (FRAGMENTS + 1)) == "TOO_MANY_FRAGMENTS"


@pytest.mark.parametrize("around", ["{ %s }", "{ b { ... { %s } } }", "{ b } fragment g on T { b { %s } }"])
def test_a_document_spreads_so_many_fragments(around: str) -> None:
    fragment = " fragment f on T { a }"
    read(around % ("...f " * FRAGMENTS) + fragment, {})
    assert refused(around % ("...f " * (FRAGMENTS + 1)) + fragment) == "TOO_MANY_FRAGMENTS"


def test_fragments_that_double_are_counted_without_being_spread() -> None:
    doubling = "".join(f"fragment f{n} on T {{ ...f{n + 1} ...f{n + 1} }} " for n in range(24))
    before = process_time()
    assert refused(f"{{ ...f0 }} {doubling} fragment f24 on T {{ a }}") == "TOO_MANY_FIELDS"
    assert process_time() - before < 5


def test_fragments_in_a_circle_end() -> None:
    read("{ ...a } fragment a on T { ...b } fragment b on T { ...a }", {})
    read("{ ...missing }", {})


def test_pages_below_pages_are_multiplied() -> None:
    read(f"{{ a(first: 100) {{ b(first: {ROWS // 100 - 1}) {{ c }} }} }}", {})
    assert refused(f"{{ a(first: 100) {{ b(first: {ROWS // 100}) {{ c }} }} }}") == "TOO_MANY_ROWS"


def test_a_page_from_the_end_counts_as_well() -> None:
    nested = "{ a(first: 100, last: null) { b(last: %d) { c } } }"
    read(nested % (ROWS // 100 - 1), {})
    assert refused(nested % (ROWS // 100)) == "TOO_MANY_ROWS"
    both_ways = "query ($n: Int, $m: Int) { a(first: $n, last: $m) { b(first: $n, last: $m) { c } } }"
    read(both_ways, {"n": 10, "m": None})
    read(both_ways, {"n": None, "m": 10})
    assert refused(both_ways, n=10) == "TOO_MANY_ROWS"


def test_the_size_of_a_page_is_read_from_its_variable() -> None:
    query = "query ($n: Int!) { a(first: $n) { b(first: 100) { c } } }"
    read(query, {"n": 10})
    assert refused(query, n=100) == "TOO_MANY_ROWS"
    assert refused(query) == "TOO_MANY_ROWS"


def test_a_field_costs_once_for_each_row_it_is_asked_of() -> None:
    def cost(query: str, **variables: object) -> int:
        _, sizes = measured(query, variables)
        return sizes[""].cost

    assert cost("{ a }") == 1
    assert cost("{ a { b c } }") == 3
    assert cost("{ a(first: 50) { b c } }") == 1 + 50 * 2
    assert cost("{ a(first: 50) { b c(first: 10) { d } } }") == 1 + 50 * (1 + 1 + 10)
    assert cost("query ($n: Int!) { a(first: $n) { b c } }", n=7) == 1 + 7 * 2
    assert cost("{ a(first: 50) { ...f ...f } } fragment f on T { b c }") == 1 + 50 * 4


def test_to_count_the_rows_of_a_list_costs_once_for_each_page() -> None:
    def cost(query: str) -> int:
        return measured(query, {})[1][""].cost

    assert cost("{ a(first: 50) { totalCount nodes { b } } }") == 1 + 50 * 3 + COUNTING
    assert cost("{ a(first: 50) { ...f n: totalCount } } fragment f on T { totalCount }") == 1 + 50 * 2 + 2 * COUNTING
    assert cost("{ a(first: 5) { nodes { b(first: 1) { totalCount } } } }") == 1 + 5 * (1 + 1 + 1 + COUNTING)
    assert cost("{ a { totalCount } b { c } }") == 2 + COUNTING + 2


def test_what_is_left_to_a_default_costs_the_most_it_may() -> None:
    def cost(query: str, **variables: object) -> int:
        _, sizes = measured(query, variables)
        return sizes[""].cost

    bulk = "mutation ($c: [C!]! = [{}, {}]) { bulk(commands: $c) { a } }"
    assert cost(bulk) == 1 + MOST_COMMANDS
    assert cost(bulk, c=[{}, {}, {}]) == 1 + 3
    assert cost(bulk, c={}) == 1 + 1
    assert cost("query ($n: Int = 5) { a(first: $n) { b } }") == 1 + WIDEST_PAGE
    assert cost("query ($n: Int = 5) { a(last: $n) { b } }") == 1 + WIDEST_PAGE


def test_each_operation_of_a_document_has_its_cost() -> None:
    _, sizes = measured("query One { a } query Two { a(first: 3) { b } }", {})
    assert {name: size.cost for name, size in sizes.items()} == {"One": 1, "Two": 4}


def test_rows_are_counted_through_fragments() -> None:
    assert refused("{ a(first: 100) { ...f } } fragment f on T { b(first: 100) { c } }") == "TOO_MANY_ROWS"
