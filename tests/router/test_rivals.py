"""A small word on one side and its contrary on the other tell two questions apart; one side alone does not."""

import pytest

from router.reading.rivals import rivalling
from router.sameness import compare, read

CLOSE, THRESHOLD = 0.99, 0.25

APART = [
    ("is the loop on our half of the cross connect", "is the loop on their half of the cross connect", "our and their"),
    ("is your quota for us at hel-ix full", "is our quota for you at hel-ix full", "our and your"),
    ("is the alarm only in hall 4", "is the alarm in hall 4 too", "only and too"),
    ("who may approve a change freeze", "who must approve a change freeze", "may and must"),
    ("which probe is on every olt", "which olt has every probe", "every"),
]


@pytest.mark.parametrize(("a", "b", "words"), [*APART, *((b, a, words) for a, b, words in APART)])
def test_contrary_words_tell_two_questions_apart(a: str, b: str, words: str) -> None:
    verdict = compare(read(a), read(b), CLOSE, THRESHOLD)
    assert not verdict.same
    assert all(word in verdict.reason for word in words.split(" and "))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("what is our dns server", "what is the dns server"),
        ("is the alarm in hall 4 too", "is the alarm in hall 4"),
        ("list all olts in hall 4", "list every olt in hall 4"),
        ("do our rules match their rules", "do their rules match our rules"),
    ],
)
def test_a_word_that_one_side_leaves_out_is_no_contrary(a: str, b: str) -> None:
    assert not rivalling(read(a), read(b))
    assert not rivalling(read(b), read(a))
