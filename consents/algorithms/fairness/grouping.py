"""Which groups may be told with numbers, so that no subtraction gives the number of a smaller one: pure.

A group under the least size is never told. What its column's other groups and the sum of all would give away by
subtraction is told only together with other groups, until what is told together is large enough (`pooled`). In a table
of two columns the cells that are too small lie in a block of whole rows and columns, of which only sums are known, each
of them large enough (`hidden_block`): in such a block no single cell follows from the sums, whatever is added or taken
away (a cell follows from the sums of its row and column just when it is a bridge of the graph of hidden cells, and in
a complete block of two rows and two columns or more there is none: Gusfield, SIAM J. Comput. 17 (1988), 552–571).
"""

from collections.abc import Mapping, Sequence

# One or more counts that must each be large enough: people; or those of whom the truth is yes, and no.
Sizes = tuple[int, ...]
Block = tuple[str, ...]


def added(sizes: Sequence[Sizes]) -> Sizes:
    """Column by column."""
    return tuple(map(sum, zip(*sizes, strict=True)))


def small(sizes: Sizes, least: int) -> bool:
    """Too small for a number."""
    return min(sizes) < least


def pooled(sizes: Mapping[Block, Sizes], least: int) -> list[Block]:
    """The blocks that may be told: those large enough each by itself, the rest in one that is large enough.

    Empty where fewer than two would be left to compare.
    """
    too_small = {block for block, each in sizes.items() if small(each, least)}
    rest = sorted(sizes.keys() - too_small, key=lambda block: (min(sizes[block]), block))
    while too_small and rest and (len(too_small) == 1 or small(added([sizes[each] for each in too_small]), least)):
        too_small.add(rest.pop(0))
    if too_small and (len(too_small) == 1 or small(added([sizes[each] for each in too_small]), least)):
        return []
    together = [tuple(sorted(value for block in too_small for value in block))] if too_small else []
    found = sorted([*rest, *together])
    return found if len(found) > 1 else []


def hidden_block(cells: Mapping[tuple[Block, Block], Sizes], least: int) -> tuple[set[Block], set[Block]]:
    """(rows, columns) of the cells not to be told; `cells` has every row with every column, two of each or more."""
    rows, columns = {row for row, _ in cells}, {column for _, column in cells}
    few = [where for where, each in cells.items() if small(each, least)]
    hidden = {row for row, _ in few}, {column for _, column in few}
    if not few:
        return set(), set()
    while True:
        if _grown(hidden[0], rows, lambda row: [cells[row, each] for each in columns], atleast=2):
            continue
        if _grown(hidden[1], columns, lambda column: [cells[each, column] for each in rows], atleast=2):
            continue
        if any(small(added([cells[row, each] for each in hidden[1]]), least) for row in hidden[0]):
            _grown(hidden[1], columns, lambda column: [cells[each, column] for each in rows])
            continue
        if any(small(added([cells[each, column] for each in hidden[0]]), least) for column in hidden[1]):
            _grown(hidden[0], rows, lambda row: [cells[row, each] for each in columns])
            continue
        return hidden


def _grown(hidden: set[Block], of: set[Block], line: object, *, atleast: int = 0) -> bool:
    """Hide the smallest line that is not hidden yet; False when `atleast` are hidden, or when all are."""
    if atleast and len(hidden) >= atleast:
        return False
    left = sorted(of - hidden, key=lambda each: (min(added(line(each))), each))  # type: ignore[operator]
    hidden.update(left[:1])
    return bool(left)
