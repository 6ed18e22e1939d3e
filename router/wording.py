"""What a message is made of: the words that ask, the words around them, and what was pasted beside them (pure)."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from router.spelling import mend

HEAD_CHARS = 6000
TAIL_CHARS = 2000
"""How much of a message is read: its beginning and its end. A question stands at one of them; what is between is pasted."""

PADDED_WORDS = 25
"""A message with more words than this is searched for the sentences that ask; a shorter one asks as a whole."""


class Paste(StrEnum):
    """What stands beside the prose, as reasons name it."""

    LOG = "log lines"
    CONFIG = "configuration"


@dataclass(frozen=True, slots=True)
class Message:
    """A message taken apart. All texts are lower case, with common misspellings mended.

    `prose` is everything but the paste, `ask` the sentences of it that ask; `asks` counts the questions in `ask`.
    """

    prose: str
    ask: str
    words: int
    asks: int
    paste: Paste | None
    text_job: bool


_SPELLINGS = str.maketrans({"\0": " ", "\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " "})
_QUOTE = re.compile(r"(?<!\w)(['\"])(?=\S)([^'\"\n]|(?<=\w)'(?=\w)){25,}\1(?!\w)")
_FENCE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_LOG_LINE = re.compile(
    r"^\W{0,3}(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* +\d{1,2}[ ,]|\d{4}-\d\d-\d\d[t ]|"
    r"\d{1,2}:\d\d:\d\d|"
    r"\[?(?:firing|resolved|warn|warning|error|info|critical)\]?[: ]|<\d{1,3}>)|%[a-z0-9_]+-\d-[a-z0-9_]+:|"
    r"^\s*\d+ +\S+ .*\d ms\b|^\d+ bytes from |\bttl=\d+ time=|^\s*\S+(?:\s{2,}|\t)\S+(?:(?:\s{2,}|\t)\S+){2,}"
)
_CONFIG_LINE = re.compile(
    r"^\s+(?:\S+ +\S+|\S+$)|[{};]\s*$|^\s*[}!#]|^\s*(?:no |set |delete |edit |config |interface |router |neighbor |ip |"
    r"ipv6 |route-map |"
    r"route-policy |policy-map |class-map |access-list |permit |deny |match |vlan |vrf |resource |apiversion:|- \w+:|"
    r"\w[\w-]*: ?\S*$)|"
    r"^\S+[#>] ?\w"
)
_ASIDE = re.compile(r"\((?![^()\n]*\b(?:now|currently|moment|still|live)\b)[a-z' ]{3,30}\)\W{0,4}$")
"""A remark in brackets behind the question, such as that somebody waits: its words are not what is asked."""
_SENTENCE = re.compile(r"(?<=[.?!])\s+|\n+")
_REQUEST = re.compile(
    r"\b(?:(?:can|could|would|will) (?:you|someone|somebody|anyone|anybody|one of you)|(?:tell|give|send|show) (?:me|us)|"
    r"let me know|"
    r"i(?:'d| would)? (?:only |just |really )?(?:need|want|like|have) to (?:know|understand|ask|see|find)|"
    r"(?:only|just) (?:need|want)|need (?:your|some|a|the|one|only|just)|(?:does|do) (?:someone|somebody|anyone|"
    r"anybody) know|"
    r"please (?!note|find|see)\w+|looking for|who knows|question is|i wonder|wondering|remind me|help me)\b"
)
_OPENS_AS_ASK = re.compile(
    r"^\W*(?:\d[.)]\s*)?(?:(?:and|or|so|but|then|also|ok|hi|hey|hello|please|quick one|question)\b[ ,:]*){0,3}"
    r"(?:wh(?:at|ich|o|ose|en|ere|y)|how|is|are|was|were|do|does|did|can|could|would|will|should|shall|has|have|any|"
    r"in which|in what|"
    r"show|give|tell|list|find|explain|write|make|build|design|plan|propose|suggest|recommend|review|check|compare|"
    r"convert|"
    r"draft|generate|need|help|remind|look|get|describe|calculate|create|prepare|"
    r"wer|was|wie|wo|warum|wann|welche\w*|comment|pourquoi|quel\w*|combien|como|por que|que|cual\w*|cuant\w*|donde|"
    r"qual\w*|perche|quando)\b"
)
_TEXT_JOB = re.compile(
    r"\b(?:(?:summari[sz]e|sum(?:ming)? up|summary|tl;?dr|shorten|condense|re-?phrase|re-?word|re-?write|translat\w+|"
    r"proof-?read|extract|"
    r"pull out|polish|tidy up)\b[^:.?!\n]{0,40}\b(?:this|it|that|these|those|them|the following|below|above|text|mails?|"
    r"e-?mails?|message|"
    r"sentence|thread|notes?|logs?|transcript|ticket|for the (?:\w+ )?(?:log|report|handover|customer|management|boss|"
    r"ticket)|(?:in)?to \w+)|"
    r"(?:turn|put|make|boil|format|sort|word|sounds?)\b[^:.?!\n]{0,40}\b(?:one line|two lines|nicer|shorter|polite|"
    r"politer|friendl\w+|"
    r"english|german|french|spanish|bullets?|bullet points|table|csv|json|in order of time)|tl;?dr|"
    r"(?:summari[sz]e|translate|summary|rephrase|reword)\s*[:\n]|"
    r"(?:write|draft|compose)\b[^:.?!\n]{0,30}\b(?:short|polite|brief|friendly|nice|one-?line|two-?line|one sentence|"
    r"two line)\b"
    r"[^:.?!\n]{0,20}\b(?:mail|e-?mail|message|note|update|reply|answer|announcement|notice|text|sentence)|"
    r"(?:correct|fix|check) (?:my|the) (?:english|spelling|grammar|wording)|in (?:plain|proper|good|better) english|"
    r"key points|the gist|"
    r"short version|(?:spell|grammar)[- ]?check|^shorter|action items|(?:as|in) (?:\w+ )?(?:bullets?|bullet points)|"
    r"(?:one|two|three|[1-3])[- ](?:sentences?|lines?)(?: \w+)? (?:summary|announcement|notice|version|update|please|"
    r"mail|note)|"
    r"in (?:one|two|three|[1-3]) (?:sentences?|lines?) please|in (?:german|french|spanish|italian|dutch) please|"
    r"zusammenfass\w*|fasse? \w+ zusammen|ubersetz\w*|resum(?:e|er|ez)|tradui\w+|resum(?:ir|a)|traduc(?:e|ir))(?!\w)"
)
"""A job on a text that the message brings along: what follows is data, whatever it says."""
_POLITE = re.compile(
    r"(?<!what )(?<!how )(?<!which )(?<!where )(?<!why )\b(?:(?:can|could|would|will) (?:you|someone|somebody|anyone|"
    r"anybody|one of you)(?: please| maybe| kindly)*"
    r"(?: be so (?:kind|nice)(?: and| as to| to)?)? (?!do\b|use\b|go\b|pick|choose|recommend|build|change|design|suggest|"
    r"advise)|"
    r"i(?:'d| would) (?:like|love|want|need) to (?:know|ask|see|have)\b|would be (?:great|nice|helpful)|could be so kind)"
)
"""A request in polite dress. Its `could` and `would` say nothing about how open the question is."""
_TEXT_JOB_ENDS = re.compile(r"[:\n]|[.!?](?:\s|$)")
_NO_TEXT_JOB = re.compile(r"\b(?:so that|survives?|sure|work(?:s|ing)?|redundant|faster|config\w*|filter|policy|design)\b")
_SEPARATE = re.compile(r"\?|\b(?:and|also|,) (?:what|which|why|how|where|who|when|is|are|do|does|can|should)\b|(?:^|\s)\d[.)]\s")


def read_message(text: str) -> Message:
    """Take a message apart. Never raises; the work is bounded by HEAD_CHARS and TAIL_CHARS, however long the text."""
    clipped = text if len(text) <= HEAD_CHARS + TAIL_CHARS else f"{text[:HEAD_CHARS]}\n{text[-TAIL_CHARS:]}"
    prose, paste = _unpaste(_plain(clipped.translate(_SPELLINGS).lower()))
    prose = mend(prose)
    job = _text_job(prose)
    ask = _POLITE.sub("please ", _ASIDE.sub("", job or _asking_part(prose)))
    asks = max(1, min(9, len(_SEPARATE.findall(ask))))
    return Message(prose, ask, len(ask.split()), asks, paste, bool(job))


def _plain(text: str) -> str:
    """Return text without accents, so that a question typed without them reads the same."""
    if text.isascii():
        return text
    letters = unicodedata.normalize("NFKD", text[: HEAD_CHARS + TAIL_CHARS])
    return "".join(letter for letter in letters if not unicodedata.combining(letter))[: HEAD_CHARS + TAIL_CHARS]


def _unpaste(text: str) -> tuple[str, Paste | None]:
    """Separate what a person wrote from what they pasted: fenced blocks, log or configuration lines, long quotations."""
    prose = _FENCE.sub(_fenced_kind, text)
    lines = prose.split("\n")
    if len(lines) == 1:
        return _inline(lines[0])
    logs = [line for line in lines if _LOG_LINE.search(line)]
    configs = [line for line in lines if not _LOG_LINE.search(line) and _CONFIG_LINE.search(line)]
    pasted = {*logs, *configs} if len(logs) + len(configs) > 1 or "\0" in prose else set(logs)
    kept = "\n".join(line for line in lines if line.strip() and line not in pasted and "\0" not in line)
    if not pasted and "\0" not in prose:
        return _inline(kept)
    return _QUOTE.sub(" ", kept), Paste.LOG if len(logs) >= len(configs) and "\0c" not in prose else Paste.CONFIG


def _fenced_kind(block: re.Match[str]) -> str:
    """Return what a fenced block is replaced by: a mark that no message carries, naming log or configuration."""
    lines = block[0].strip("`\n").split("\n")
    logs = sum(1 for line in lines if _LOG_LINE.search(line))
    return "\n\0l\n" if logs * 2 >= len(lines) else "\n\0c\n"


def _inline(line: str) -> tuple[str, Paste | None]:
    """Find a configuration that was pasted into the running text, by its braces and semicolons; drop long quotations."""
    if line.count("{") + line.count("}") + line.count(";") >= 4:  # noqa: PLR2004 (prose has a semicolon or two)
        first, last = line.find("{"), max(line.rfind("}"), line.rfind(";"))
        return f"{line[: max(first, 0)]} {line[last + 1 :]}", Paste.CONFIG
    return _QUOTE.sub(" ", line), None


def _asking_part(prose: str) -> str:
    """Return the sentences that ask. A short message asks as a whole, and so does one in which no sentence stands out."""
    if len(prose.split()) <= PADDED_WORDS:
        return prose.strip()
    sentences = [part.strip() for part in _SENTENCE.split(prose) if part.strip()]
    opening = [part for part in sentences if _OPENS_AS_ASK.search(part)]
    asking = [part for part in sentences if part.endswith("?") or _REQUEST.search(part) or (part is sentences[-1] and part in opening)]
    return "\n".join(asking or opening or sentences)


def _text_job(prose: str) -> str:
    """Return what asks for a job on a given text, without that text; empty when nothing does.

    A question on the last line stays: more may be asked of the text than to be reworded.
    """
    job = _TEXT_JOB.search(prose)
    if job is None or _NO_TEXT_JOB.search(prose, job.start(), job.end() + 40):
        return ""
    start = max(prose.rfind(mark, 0, job.start()) for mark in ("\n", ". ", "! ", "? ")) + 1
    end = _TEXT_JOB_ENDS.search(prose, job.end() - 1)
    found = prose[start : end.start() if end else len(prose)].strip()
    last_line = prose.rfind("\n") + 1
    asks_more = last_line > job.end() and _OPENS_AS_ASK.search(prose[last_line:])
    return f"{found}\n{prose[last_line:]}" if asks_more else found
