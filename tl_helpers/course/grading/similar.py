"""Whose code is like whose: a flag for a person to look at, and nothing more.

Names, numbers, texts, comments and layout do not count: an answer becomes the sequence of its
tokens' kinds, then the set of all runs of `RUN` of these (Schleimer, Wilkerson and Aiken 2003,
"Winnowing", without the thinning out that large collections need). Two answers are as alike as
their sets overlap. Short answers are alike by nature, so what all students share is not counted.
"""

import io
import itertools
import keyword
import tokenize
from collections import Counter

RUN = 8  # tokens
COMMON = 0.3  # runs in more than this share of the answers are everybody's
FEW = 4  # answers, that are never "everybody"
FEWEST = 12  # runs that an answer must have of its own
ALIKE = 0.8


def fingerprint(code: str) -> frozenset:
    """The runs of an answer's tokens; empty for what is no Python."""
    kinds = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.NAME:
                kinds.append(token.string if keyword.iskeyword(token.string) else "name")
            elif token.type == tokenize.OP:
                kinds.append(token.string)
            elif token.type in (tokenize.NUMBER, tokenize.STRING):
                kinds.append("value")
    except (tokenize.TokenError, SyntaxError):
        return frozenset()
    return frozenset(tuple(kinds[at : at + RUN]) for at in range(len(kinds) - RUN + 1))


def alike(answers: dict[str, str], least: float = ALIKE) -> list[tuple[str, str, float]]:
    """Pairs whose answers to an exercise are alike, the most alike first.

    Args:
        answers: who -> code; the course's own solution may be among them.
        least: the share of runs, of those of both, that two have in common.
    """
    prints = {who: fingerprint(code) for who, code in answers.items()}
    often = Counter(itertools.chain.from_iterable(prints.values()))
    most = max(FEW, COMMON * len(prints))
    own = {who: {run for run in runs if often[run] <= most} for who, runs in prints.items()}
    pairs = []
    for one, other in itertools.combinations(sorted(own), 2):
        either = own[one] | own[other]
        if len(either) >= FEWEST and len(own[one] & own[other]) >= least * len(either):
            pairs.append((one, other, len(own[one] & own[other]) / len(either)))
    return sorted(pairs, key=lambda pair: -pair[2])
