"""Which row of a changed log is which step."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from domain.efile.facts import StepContent
from domain.efile.state import Entry
from infra.imports.xes.alignment import Known, align


def entry(word: str, source_id: str | None = None) -> Entry:
    """An entry: the word's first letter is the activity, the word is the digest."""
    return Entry(step=StepContent(activity=word[0]), details=None, source_id=source_id, source_digest=word)


def row(word: str, source_id: str | None = None) -> Known:
    return Known(digest=word, source_id=source_id, activity=word[0])


def aligned(old: str, new: str) -> str:
    """The matches of two logs written as words: `=1` unchanged entry 1, `~1` changed, `+` new."""
    matches = align([entry(word) for word in old.split()], [row(word) for word in new.split()])
    return " ".join("+" if match is None else f"{'~' if match[1] else '='}{match[0] + 1}" for match in matches)


def test_the_same_log_is_unchanged() -> None:
    assert aligned("a b c", "a b c") == "=1 =2 =3"
    assert aligned("a a a", "a a a") == "=1 =2 =3"


def test_a_first_import_is_all_new() -> None:
    assert aligned("", "a b") == "+ +"


def test_an_interrupted_import_goes_on() -> None:
    assert aligned("a b", "a b c d") == "=1 =2 + +"
    assert aligned("a a", "a a a") == "=1 =2 +"


def test_an_appended_row_is_new() -> None:
    assert aligned("a b", "a b c") == "=1 =2 +"


def test_an_inserted_row_is_new_and_changes_no_other() -> None:
    assert aligned("a b c", "a x b c") == "=1 + =2 =3"
    assert aligned("a b c x", "a x b c") == "=1 =4 =2 =3"


def test_a_changed_row_is_a_correction() -> None:
    assert aligned("a b c", "a b2 c") == "=1 ~2 =3"
    assert aligned("a b c", "a x c") == "=1 ~2 =3"


def test_a_row_inserted_beside_a_changed_one_is_told_apart() -> None:
    assert aligned("a b c", "x a b2 c") == "+ =1 ~2 =3"
    assert aligned("a b c", "a x b2 c") == "=1 + ~2 =3"


def test_a_row_that_moved_and_changed_is_recognised_by_its_activity() -> None:
    assert aligned("a b c", "b2 a c") == "~2 =1 =3"


def test_a_row_that_is_gone_leaves_the_others_alone() -> None:
    assert aligned("a b c", "a c") == "=1 =3"
    assert aligned("a b c", "a c d") == "=1 =3 +"


def test_the_sources_id_outweighs_the_activity() -> None:
    old = [entry("a1", "t1"), entry("a2", "t2")]
    assert align(old, [row("a3", "t2"), row("a4", "t1")]) == [(1, True), (0, True)]


def test_steps_that_people_documented_are_not_the_sources() -> None:
    by_hand = Entry(step=StepContent(activity="a"), details=None, source_id=None, source_digest=None)
    assert align([by_hand, entry("b")], [row("a"), row("b")]) == [None, (1, False)]


WORDS = st.lists(st.sampled_from(["a", "a1", "a2", "b", "b1", "c"]), max_size=8)


@given(WORDS, WORDS)
def test_each_row_has_one_match_and_each_entry_at_most_one(old: Sequence[str], new: Sequence[str]) -> None:
    matches = align([entry(word) for word in old], [row(word) for word in new])
    assert len(matches) == len(new)
    taken = [match[0] for match in matches if match is not None]
    assert len(taken) == len(set(taken))
    for word, match in zip(new, matches, strict=True):
        if match is not None and not match[1]:
            assert old[match[0]] == word


@given(WORDS, WORDS)
def test_importing_what_was_just_imported_changes_nothing(old: Sequence[str], new: Sequence[str]) -> None:
    entries = [entry(word) for word in old]
    for word, match in zip(new, align(entries, [row(word) for word in new]), strict=True):
        if match is None:
            entries.append(entry(word))
        elif match[1]:
            entries[match[0]] = entry(word)
    again = align(entries, [row(word) for word in new])
    assert all(match is not None and not match[1] for match in again)
