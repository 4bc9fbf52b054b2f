"""One-token mutations of the compiled SQL of a model.

Kinds: a comparison turned to its neighbour; a dated bound moved by a day where its neighbour does
not do so already; `and` for `or`; a condition left out of a filter; 0 for 1; true for false.
Add here a kind of mutation. Keep out: which models, which tests.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot.tokens import Token, TokenType

_NEIGHBOUR = {
    TokenType.LT: "<=",
    TokenType.LTE: "<",
    TokenType.GT: ">=",
    TokenType.GTE: ">",
    TokenType.EQ: "<>",
    TokenType.NEQ: "=",
}
_LOGIC = {TokenType.AND: "or", TokenType.OR: "and"}
_CONSTANT = {"0": "1", "1": "0", "true": "false", "false": "true"}
RELATION = re.compile(r'"[^"]+"\."[^"]+"\."([^"]+)"')  # as dbt writes a relation
_BOUNDS = ("valid_from", "valid_to", "valid_before", "first_day", "_history_from")
_OPENS = {TokenType.L_PAREN, TokenType.CASE}
_CLOSES = {TokenType.R_PAREN, TokenType.END}
_FILTERS = {TokenType.WHERE, TokenType.HAVING, TokenType.ON}
_AFTER_A_FILTER = {
    TokenType.WHERE, TokenType.HAVING, TokenType.GROUP_BY, TokenType.ORDER_BY, TokenType.UNION,
    TokenType.EXCEPT, TokenType.INTERSECT, TokenType.LEFT, TokenType.RIGHT, TokenType.FULL,
    TokenType.INNER, TokenType.CROSS, TokenType.JOIN, TokenType.LIMIT, TokenType.QUALIFY,
    TokenType.WINDOW, TokenType.SEMICOLON,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """`sql` is the compiled text of `model` after `change` on the line `line`.

    `number` tells apart equal changes of equal lines: a model may state a condition twice.
    """

    model: str
    line: str
    change: str
    number: int
    sql: str

    def __str__(self) -> str:
        again = f" ({self.number})" if self.number > 1 else ""
        return f"{self.model}: {self.line}  [{self.change}]{again}"


@dataclass(frozen=True)
class _Edit:
    start: int
    end: int
    text: str
    change: str


def mutants(model: str, sql: str) -> list[Mutant]:
    """Every mutation of `sql`, in the order of its text."""
    tokens = sqlglot.tokenize(sql, dialect="duckdb")
    edits = sorted(_edits(sql, tokens), key=lambda edit: (edit.start, edit.end, edit.text))
    seen: dict[tuple[str, str], int] = {}
    found = []
    for edit in edits:
        line = _line(sql, edit.start)
        number = seen[line, edit.change] = seen.get((line, edit.change), 0) + 1
        mutated = sql[: edit.start] + edit.text + sql[edit.end :]
        found.append(Mutant(model, line, edit.change, number, mutated))
    return found


def _edits(sql: str, tokens: list[Token]) -> Iterator[_Edit]:
    depths = _depths(tokens)
    between = _ands_of_between(tokens, depths)
    for position, token in enumerate(tokens):
        kind = token.token_type
        if kind in _NEIGHBOUR:
            yield _replaced(token, _NEIGHBOUR[kind])
        elif kind in _LOGIC and position not in between:
            yield _replaced(token, _LOGIC[kind])
        elif _is_constant(tokens, position):
            yield _replaced(token, _CONSTANT[token.text.lower()])
        elif token.text.lower().endswith(_BOUNDS):
            yield from _moved_by_a_day(tokens, position, between)
        if kind in _FILTERS:
            yield from _left_out(sql, tokens, depths, between, position)


def _replaced(token: Token, text: str) -> _Edit:
    return _Edit(token.start, token.end + 1, text, f"{token.text.lower()} -> {text}")


def _is_constant(tokens: list[Token], position: int) -> bool:
    """A 0, 1, true or false that is a value: not the size of a type."""
    if tokens[position].token_type not in (TokenType.NUMBER, TokenType.TRUE, TokenType.FALSE):
        return False
    sized = [token.text.lower() for token in tokens[max(0, position - 4) : position]]
    return tokens[position].text.lower() in _CONSTANT and "decimal" not in sized


def _moved_by_a_day(tokens: list[Token], position: int, between: set[int]) -> Iterator[_Edit]:
    """The bound at `position` a day earlier or later, where a comparison reads it."""
    first = position
    while first > 1 and tokens[first - 1].token_type == TokenType.DOT:
        first -= 2
    before = tokens[first - 1] if first else None
    after = tokens[position + 1] if position + 1 < len(tokens) else None
    if before is not None and (before.token_type == TokenType.BETWEEN or first - 1 in between):
        days = ["+ 1", "- 1"]
    elif before is not None and before.token_type in _NEIGHBOUR:
        days = _beyond(before.token_type, is_right=True)
    elif after is not None and after.token_type in _NEIGHBOUR:
        days = _beyond(after.token_type, is_right=False)
    else:
        return
    end = tokens[position].end + 1
    for day in days:
        yield _Edit(end, end, f" {day}", f"{tokens[position].text.lower()} {day}")


def _beyond(kind: TokenType, *, is_right: bool) -> list[str]:
    """The move that the neighbour of a comparison of whole days does not make already.

    `day >= bound` becomes `day > bound`, which is the bound a day later: a day earlier is left.
    """
    if kind in (TokenType.EQ, TokenType.NEQ):
        return ["+ 1", "- 1"]
    neighbour_is_later = kind in (TokenType.GTE, TokenType.LT)
    if not is_right:
        neighbour_is_later = not neighbour_is_later
    return ["- 1"] if neighbour_is_later else ["+ 1"]


def _left_out(
    sql: str, tokens: list[Token], depths: list[int], between: set[int], position: int
) -> Iterator[_Edit]:
    """Each condition of the filter at `position`, left out; an equality of a join is none."""
    depth = depths[position]
    last = position + 1
    while last < len(tokens) and not (
        depths[last] < depth
        or (depths[last] == depth and tokens[last].token_type in _AFTER_A_FILTER)
    ):
        last += 1
    inside = range(position + 1, last)
    level = [at for at in inside if depths[at] == depth]
    ands = [at for at in level if tokens[at].token_type == TokenType.AND and at not in between]
    if any(tokens[at].token_type == TokenType.OR for at in level):
        ands = []  # `a and b or c` is one condition
    starts = [position + 1, *[at + 1 for at in ands]]
    ends = [*ands, last]
    for start, end in zip(starts, ends, strict=True):
        part = tokens[start:end]
        if tokens[position].token_type == TokenType.ON and _is_equality_of_columns(part):
            continue
        text = _without_schemas(" ".join(sql[part[0].start : part[-1].end + 1].split()))
        yield _Edit(part[0].start, part[-1].end + 1, "true", f"without {text}")


def _is_equality_of_columns(part: list[Token]) -> bool:
    names = (TokenType.VAR, TokenType.IDENTIFIER, TokenType.DOT)
    sides = [token for token in part if token.token_type != TokenType.EQ]
    plain = all(token.token_type in names or token.text.isidentifier() for token in sides)
    return plain and len(part) - len(sides) == 1


def _depths(tokens: list[Token]) -> list[int]:
    """How deep in parentheses and cases each token stands; both ends stand outside."""
    found, depth = [], 0
    for token in tokens:
        if token.token_type in _CLOSES:
            depth -= 1
        found.append(depth)
        if token.token_type in _OPENS:
            depth += 1
    return found


def _ands_of_between(tokens: list[Token], depths: list[int]) -> set[int]:
    """Positions of the `and` that belongs to a `between`, of values or of rows of a window."""
    found: set[int] = set()
    for position, token in enumerate(tokens):
        if token.token_type == TokenType.BETWEEN:
            found.add(
                next(
                    at
                    for at in range(position, len(tokens))
                    if tokens[at].token_type == TokenType.AND and depths[at] == depths[position]
                )
            )
    return found


def _line(sql: str, at: int) -> str:
    """The line of text that holds position `at`, without its indentation."""
    start = sql.rfind("\n", 0, at) + 1
    end = sql.find("\n", at)
    return _without_schemas(sql[start : end if end >= 0 else len(sql)].strip())


def _without_schemas(text: str) -> str:
    """`text` with relations named as in the model: where they stand is no part of a rule."""
    return RELATION.sub(r"\1", text)
