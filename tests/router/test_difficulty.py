"""The difficulty rules: which tier, how volatile, why; and that no text hurts them."""

import json
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.difficulty import AGES, JARGON, NO_RULE, NO_RULE_IN_THREAD, decide
from router.frontier_signals import FRONTIER_SIGNALS
from router.policy import Routing
from router.signals import Signal
from router.small_signals import SHORT_SIGNALS, SMALL_SIGNALS
from router.types import Decision, Tier, Volatility

ROUTING = Routing()
QUESTIONS = Path(__file__).with_name("questions.jsonl")
LOG = "\n%BGP-5-ADJCHANGE: neighbor 192.0.2.1 Down\n%OSPF-5-ADJCHG: Nbr 192.0.2.1 from FULL to DOWN\n"
CONFIG = "\nrouter bgp 65010\n neighbor 192.0.2.9 remote-as 65020\n neighbor 192.0.2.9 route-map OUT out\n"


@dataclass(frozen=True)
class Labelled:
    text: str
    tier: Tier
    volatility: Volatility


def labelled() -> list[Labelled]:
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    return [Labelled(row["text"], Tier(row["tier"]), Volatility(row["volatility"])) for row in rows]


def tier(text: str) -> Tier:
    return decide(text, ROUTING).tier


def volatility(text: str) -> Volatility:
    return decide(text, ROUTING).volatility


@pytest.mark.parametrize(
    "text",
    [
        "is edge-3 up?",
        "Is edge-3 up",
        "uptime of agg-sw-2",
        "any alarms on the north ring?",
        "who is on call for wireless",
        "which rack is spine-4 in",
        "what does ECMP stand for",
        "difference between a hub and a switch?",
        "why is it called a spanning tree",
        "what's the best way to clear an arp entry on eos",
        "how do i show the mac table on junos",
        "default hello interval of ospf?",
        "/26 netmask in dotted notation",
        "12 dBm in mW",
        "translate to english: Warum ist die Leitung unten?",
        "tl;dr of this: 'link lost at 10:02, back at 10:09, carrier says planned works, nothing to do for us'",
        "thanks, works now!",
        "welche vlan-id haben die kassen",
        "combien de clients sur le wifi en ce moment",
    ],
)
def test_a_routine_question_goes_to_the_small_model(text: str) -> None:
    assert tier(text) is Tier.SMALL


@pytest.mark.parametrize(
    "text",
    [
        "why flap?",
        "ecmp or lag here?",
        "plan?",
        "find the cause of the drops on edge-3",
        "how should we split the failure domains",
        "how do we make sure this never happens again",
        "what breaks if spine-1 dies",
        "which boxes do we upgrade first",
        "is our backup path good enough",
        "half of the aps reboot every night, the others are fine",
        "should we stay with rsvp-te or go to segment routing",
        "write a junos policy that accepts only their /24s, caps the session at 50 prefixes and drops invalids",
        "pourquoi la ligne tombe chaque nuit",
        "wie sollten wir die filialen anbinden, ohne dass alles an einem router haengt",
    ],
)
def test_a_hard_question_goes_to_the_frontier_model_however_short(text: str) -> None:
    assert tier(text) is Tier.FRONTIER


def test_a_question_that_no_rule_recognises_goes_to_the_frontier_model() -> None:
    decision = decide("purple elephants and their cousins dance", ROUTING)
    assert decision == Decision(Tier.FRONTIER, decision.volatility, (NO_RULE, AGES[decision.volatility]))


def test_an_easy_question_stays_easy_inside_much_talk() -> None:
    talk = "Hello colleagues, I am sorry to bother you again today, my manager is calling me and I forgot my token at home. "
    assert tier(talk * 3 + "Could somebody please tell me which rack spine-4 is in?") is Tier.SMALL


def test_a_hard_question_stays_hard_inside_much_talk() -> None:
    talk = "Hello colleagues, I am sorry to bother you again today, my manager is calling me and I forgot my token at home. "
    assert tier(talk * 3 + "Could somebody tell me how we should split the failure domains of the core?") is Tier.FRONTIER


def test_a_status_question_with_a_pasted_log_is_still_one_fact() -> None:
    assert tier(f"is the session to 192.0.2.1 up again?{LOG}") is Tier.SMALL


def test_pasted_evidence_with_an_open_question_goes_to_the_frontier_model() -> None:
    assert tier(f"explain{LOG}") is Tier.FRONTIER


def test_pasted_configuration_is_named_among_the_reasons() -> None:
    assert "comes with pasted configuration" in decide(f"thoughts?{CONFIG}", ROUTING).reasons


def test_a_fenced_block_is_pasted_evidence() -> None:
    assert "comes with pasted log lines" in decide(f"thoughts?\n```{LOG}```", ROUTING).reasons


def test_a_question_behind_a_text_to_shorten_is_answered_too() -> None:
    assert tier(f"summarise this log in one line:{LOG}and why did it fail in the first place?") is Tier.FRONTIER


@pytest.mark.parametrize("text", ["waht does ECMP stand for", "WHAT DOES ECMP STAND FOR", "wich rack is spine-4 in", "satus of edge-3"])
def test_typos_and_capitals_do_not_change_the_tier(text: str) -> None:
    assert tier(text) is Tier.SMALL


def test_a_question_without_its_accents_reads_the_same() -> None:
    assert decide("dónde está el manual del firewall", ROUTING) == decide("donde esta el manual del firewall", ROUTING)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is edge-3 up?", Volatility.LIVE),
        ("how many sessions on edge-3", Volatility.LIVE),
        ("why does edge-3 drop packets only at night", Volatility.LIVE),
        ("which rack is spine-4 in", Volatility.CONFIG),
        ("how do i raise an emergency change", Volatility.CONFIG),
        ("how should we split the failure domains", Volatility.CONFIG),
        ("why did edge-3 crash yesterday", Volatility.CONFIG),
        ("what does ECMP stand for", Volatility.STABLE),
        ("how do i show the mac table on junos", Volatility.STABLE),
        ("does graceful restart keep the routes if bfd goes first", Volatility.STABLE),
    ],
)
def test_an_answer_ages_as_fast_as_what_it_is_about(text: str, expected: Volatility) -> None:
    assert volatility(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "who picked up TT-40771",
        "TT-40771 with whom?",
        "who is on standby for the radio team tonight",
        "behind which switchport is 192.0.2.44",
        "when did svc4411 last sign in",
        "are the drops on xe-0/0/7 of edge-3 still there",
        "are both nodes of fw-12 active",
        "how many routes do we hear from 192.0.2.44",
        "is the loop behind edge-3 solved",
        "how much loss do we see on edge-store-9 right now",
        "did circuit HEL-88121 recover",
        "edge-3 what about that thing",
    ],
)
def test_what_is_read_off_at_the_moment_is_live(text: str) -> None:
    assert volatility(text) is Volatility.LIVE


@pytest.mark.parametrize(
    "text",
    [
        "how far back does the flow archive go",
        "how many /29s are free in 198.51.100.0/22",
        "max-prefix for 192.0.2.44",
        "who do i call at the harbour site",
        "which rule denies 192.0.2.44 to 198.51.100.9",
        "when does the maintenance window of the harbour site open",
        "is AS64999 a peer or a customer",
        "who owns 198.51.100.64/27",
        "which rack is edge-3 in",
    ],
)
def test_what_somebody_laid_down_holds_until_it_is_changed(text: str) -> None:
    assert volatility(text) is Volatility.CONFIG


@pytest.mark.parametrize(
    "text", ["sttae of edge-3", "optics on edge-3 rght now", "aalrms on edge-3", "is edge-3 rechable", "who is asigned TT-40771"]
)
def test_a_slip_in_a_telling_word_does_not_make_a_live_question_last(text: str) -> None:
    assert volatility(text) is Volatility.LIVE


@pytest.mark.parametrize("text", ["hi, who carries the pager", "morning all, is edge-3 up"])
def test_a_greeting_does_not_make_a_live_question_small_talk(text: str) -> None:
    assert volatility(text) is Volatility.LIVE


def test_a_remark_in_brackets_behind_a_question_does_not_change_it() -> None:
    assert decide("guest wifi password? (ticket open)", ROUTING).volatility is volatility("guest wifi password?")


def test_a_phrase_of_the_policy_makes_a_question_routine() -> None:
    text = "penguin dance for the elephants and their cousins"
    assert tier(text) is Tier.FRONTIER
    assert decide(text, Routing(small_phrases=("penguin dance",))).tier is Tier.SMALL


def test_a_phrase_of_the_policy_makes_a_question_hard() -> None:
    assert decide("is edge-3 up?", Routing(frontier_phrases=("edge-3",))).tier is Tier.FRONTIER


def test_a_phrase_of_the_policy_matches_whole_words_alone() -> None:
    assert decide("is edge-31 up?", Routing(frontier_phrases=("edge-3",))).tier is Tier.SMALL


def test_jargon_of_the_policy_makes_a_short_question_hard() -> None:
    decision = decide("penguin weather?", Routing(jargon=("penguin",)))
    assert tier("penguin weather?") is Tier.SMALL
    assert (decision.tier, decision.reasons[0]) == (Tier.FRONTIER, JARGON.format(phrase="penguin"))


def test_being_short_counts_up_to_the_policys_number_of_words() -> None:
    assert decide("penguin weather?", Routing(short_words=1)).tier is Tier.FRONTIER


def test_an_empty_phrase_in_the_policy_matches_nothing() -> None:
    assert decide("is edge-3 up?", Routing(frontier_phrases=("", " "))).tier is Tier.SMALL


def test_a_short_follow_up_leans_on_its_thread() -> None:
    text = "and the other penguin?"
    assert decide(text, ROUTING, has_context=True).reasons[0] == NO_RULE_IN_THREAD


def test_question_marks_alone_are_no_small_talk_inside_a_thread() -> None:
    assert (tier("??"), decide("??", ROUTING, has_context=True).tier) == (Tier.SMALL, Tier.FRONTIER)


def test_a_full_question_in_a_thread_is_judged_as_anywhere() -> None:
    assert decide("is edge-3 up?", ROUTING, has_context=True).tier is Tier.SMALL


def test_reasons_name_the_signals_what_they_outweigh_and_how_the_answer_ages() -> None:
    assert decide("who is on call and why did it fail", ROUTING).reasons == (
        "asks for a cause",
        "describes a fault",
        "that outweighs that it asks who is on duty",
        "its answer is live state",
    )


def test_the_committed_questions_of_another_network_are_routed_well() -> None:
    rows = labelled()
    decisions = [decide(row.text, ROUTING) for row in rows]
    under = [row.text for row, got in zip(rows, decisions, strict=True) if row.tier is Tier.FRONTIER and got.tier is Tier.SMALL]
    over = [row.text for row, got in zip(rows, decisions, strict=True) if row.tier is Tier.SMALL and got.tier is Tier.FRONTIER]
    wrong_age = [row.text for row, got in zip(rows, decisions, strict=True) if row.volatility is not got.volatility]
    assert (len(under), len(over)) <= (2, 4), (under, over)
    assert len(wrong_age) <= len(rows) * 0.10, wrong_age


def test_hardly_a_live_routine_question_of_another_network_would_be_cached() -> None:
    live = [row.text for row in labelled() if (row.tier, row.volatility) == (Tier.SMALL, Volatility.LIVE)]
    cached = [text for text in live if volatility(text) is not Volatility.LIVE]
    assert len(cached) <= len(live) * 0.03, cached


@pytest.mark.parametrize("signal", [*SMALL_SIGNALS, *SHORT_SIGNALS, *FRONTIER_SIGNALS], ids=lambda signal: signal.reason)
def test_no_signal_speaks_where_nothing_is_said(signal: Signal) -> None:
    assert not signal.speaks("zzzz qqqq")


@given(st.text())
def test_any_text_gets_a_decision_with_reasons(text: str) -> None:
    decision = decide(text, ROUTING)
    assert decision.tier in {Tier.SMALL, Tier.FRONTIER}
    assert all(reason.strip() for reason in decision.reasons)


WORDS = [
    "why",
    "is",
    "up",
    "or",
    "what",
    "if",
    "how many",
    "edge-3",
    "10.0.0.1",
    "?",
    "\n",
    " ",
    "'",
    "```",
    "{",
    ";",
    "we",
    "summarise this:",
    "\0",
    "ü",
]


@given(st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join), st.booleans())
def test_any_mixture_of_telling_words_gets_the_same_decision_twice(text: str, has_context: bool) -> None:  # noqa: FBT001 (Hypothesis fills it)
    assert decide(text, ROUTING, has_context=has_context) == decide(text, ROUTING, has_context=has_context)


def spent(text: str) -> float:
    """Processor time of the best of three decisions, in seconds."""
    times = []
    for _ in range(3):
        start = time.process_time()
        decide(text, ROUTING)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        " ",
        ".",
        ": ",
        "1.",
        "or ",
        "a or b ",
        "is a ",
        "why ",
        " '",
        "a'",
        "\n",
        "\t",
        "```",
        "{;}",
        "summarise ",
        "%a",
        "ab:",
        "a-",
        "a  ",
    ],
)
def test_the_work_grows_no_faster_than_the_text(unit: str) -> None:
    short, long = (unit * 8000)[:1600], (unit * 8000)[:6400]
    assert spent(long) < 10 * spent(short) + 0.02  # four times the text; quadratic work would be sixteen times


@pytest.mark.parametrize("unit", ["a", "why is ", "10.0.0.1 ", "\n", ": "])
def test_what_is_beyond_the_head_and_the_tail_of_a_huge_text_costs_next_to_nothing(unit: str) -> None:
    assert spent((unit * 100_000)[:100_000]) < 5 * spent((unit * 100_000)[:8000]) + 0.02


def test_the_question_is_found_at_the_end_of_a_huge_paste() -> None:
    assert tier("%LINK-3-UPDOWN: Interface changed state\n" * 3000 + "is edge-3 up?") is Tier.SMALL
