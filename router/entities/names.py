"""Find what people gave names to: hosts, tickets, circuits, sites, environments, systems and their versions, people (pure)."""

import re
from collections.abc import Iterator

from router.entities.tables import at, may_start, misspelt, names, wordset
from router.entities.types import Entity, EntityType

_PERSON = re.compile(
    r"<@([\w-]+)(?:\|[^>]{0,80})?>|(?<![\w.])([\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6})|(?<![\w.])@([a-z][\w.-]{1,40})"
)
_TICKET = re.compile(
    r"(?<![\w-])(inc|chg|prb|req|ritm|task|cr|rfc|crq|tkt|tick|case|cas|sr|ops|noc|jira|bug|cve|psirt|csc[a-z]{2})[\s-]?#?(\d[\d-]{1,14}\d)(?![\w/]|[.:]\d)|#(\d{3,10})(?!\w)"
)
_CIRCUIT = re.compile(r"(?<![\w./-])([a-z]{2,6})-(\d{4,10})(?![\w/]|[.-]\w)")
_SITE = re.compile(
    r"(?<![\w-])(store|shop|branch|office|site|building|bldg|floor|rack|room|meeting room|row|hall|cage|pod|pop|warehouse|plant|"
    r"cabinet|cab)"
    r"\s(?:no\.?\s|nr\s|number\s|#)?([a-z]?\d{1,5}[a-z]?|(?<=building )[b-hj-z]|(?<=bldg )[b-hj-z]|(?<=hall )[b-hj-z]|"
    r"(?<=row )[b-hj-z])(?![\w./'-])"
)
_CODE = re.compile(r"[a-z]{3}\d{1,2}")
_ENVIRONMENT = re.compile(
    r"(?<![\w-])(?:(pre-?prod(?:uction)?)|(prod(?:uction)?)|(staging|stage(?=\s(?:env|network|firewall|system|cluster))|stg)|(lab|sandbox)|(uat|qa)|"
    r"(live|dev|development|test|testing|dr|disaster recovery)(?=\s(?:env(?:ironment)?|subscription|vpc|vnet|account|network|"
    r"firewalls?|routers?|fabric|switch(?:es)?|cluster|tenant|zone|site|devices?)(?!\w)))(?![\w-])"
)
_VERSION = re.compile(
    r"(?<![\w./:-])v?(\d{1,4}(?:\.\d{1,4}){1,4}(?:\(\d{1,3}[a-z]?\)\w{0,6})?(?:[.-]?[a-z]{1,3}\d{0,3}){0,3})(?![\w/(]|\.\d)|(?<=[\sa-z])v(?![46]\b)(\d{1,2}[a-z]?)(?![\w/]|\.\d)"
)
_TOKEN = re.compile(r"(?<!\w)[a-z0-9]+(?:[._-][a-z0-9]+){0,12}(?![\w])")
_WORD = re.compile(r"[a-z0-9]+(?:-[a-z]+\+?)?\+?")
_DOMAINS = wordset("""
    com net org edu gov mil int example local internal intern corp lan home invalid test arpa io co cloud dev eu de fr uk es it nl
    be at ch pl se no dk fi us ca au jp in br
""")
_WORDS_WITH_DIGITS = re.compile(
    r"ip(?:v)?[46]|v[46]|dhcpv?6|icmpv?6|ping6|traceroute6|dhcpv4|l[2-47]|l[23]vpn|layer[2-47]|802\.\d+\w*|e2e|p2p|s2s|b2b|x509|base64|sha\d+|md5|"
    r"ike?v[12]|wpa[23]|wifi\d|wi-fi\d|\d+(?:st|nd|rd|th)|type\d|phase[12]|tier\d|srv6|6to4|6rd|nat(?:44|64|66|46)|464xlat|ds-lite|q-in-q|qinq|i2c|\d+x|x\d+|oauth2|h2o|web3|"
    r"ipv6-\w+|ipv4-\w+|c\+\+|[0-9]+g?base-?\w+|u2|mp3|mp4|fat32|utf-?\d+|ie\d+|k8s|s3|ec2|\d+"
)
"""Tokens with a digit that are words of the trade and no names."""


def find_people(text: str) -> Iterator[Entity]:
    """Yield people by mention or mail address."""
    for match in _PERSON.finditer(text):
        yield Entity(EntityType.PERSON, match[1] or match[2] or match[3], *match.span())


def find_records(text: str) -> Iterator[Entity]:
    """Yield tickets and circuits: `INC-40117`, `inc 40117` and `INC40117` are one."""
    for match in _TICKET.finditer(text):
        yield Entity(EntityType.TICKET, f"{match[1]}-{match[2]}" if match[1] else match[3], *match.span())
    for match in _CIRCUIT.finditer(text):
        yield Entity(EntityType.CIRCUIT, match[0], *match.span())


def find_places(text: str) -> Iterator[Entity]:
    """Yield numbered places (`store 212`, `rack b12`) and environments."""
    for match in _SITE.finditer(text):
        yield Entity(EntityType.SITE, f"{match[1].replace('bldg', 'building').replace('meeting ', '')}-{match[2]}", *match.span())
    for match in _ENVIRONMENT.finditer(text):
        kind = next(index for index, group in enumerate(match.groups()) if group)
        named = {"live": "prod", "dev": "dev", "development": "dev", "dr": "dr", "disaster recovery": "dr"}.get(match[0], "test")
        yield Entity(EntityType.ENVIRONMENT, ("preprod", "prod", "staging", "lab", match[0], named)[kind], *match.span())


def find_versions(text: str) -> Iterator[Entity]:
    """Yield versions: dotted numbers with what hangs on them (`21.4R3`, `22.7.R1`, `17.9.4a`), and `v3` after a word."""
    for match in _VERSION.finditer(text):
        written = match[1] or match[2]
        value = re.sub(r"[.-](?=[a-z])", "", written)
        yield Entity(EntityType.VERSION, value, match.start() if match[1] else match.start(2) - 1, match.end())


def find_known(text: str) -> Iterator[Entity]:
    """Yield what stands in the tables: services, operating systems, cities and their codes, and slips in such a name."""
    end = 0
    for match in _START.finditer(text):
        if match.start() < end:
            continue
        if meant := misspelt(match[0]):
            yield Entity(_KINDS[meant[0]], names(meant[0])[meant[1]], *match.span())
        elif found := _known_at(text, match):
            end = found.end
            yield found


_START = re.compile(r"(?<![\w.-])[a-z0-9]+")
_KINDS = {"services": EntityType.PORT, "vendors": EntityType.VENDOR, "places": EntityType.SITE}
_ASKED_OF = (" server", " host", " collector", " destination")
"""Last words of a name that go on to say what is asked of the service."""


def _known_at(text: str, match: re.Match[str]) -> Entity | None:
    """Return the entity of a table whose name starts at a word."""
    if not may_start(match[0]):
        return None
    for table, kind in _KINDS.items():
        spelling = at(table, text, match.start(), match[0])
        if spelling is None or _only_a_word(text, match.start(), spelling, kind):
            continue
        end = match.start() + len(spelling)
        end -= next((len(what) for what in _ASKED_OF if spelling.endswith(what)), 0)
        end += text.startswith("s", end) and not text[end + 1 : end + 2].isalnum()
        return Entity(kind, names(table)[spelling], match.start(), end)
    return None


_AMBIGUOUS = wordset("""
    par mad vie mil ham bud del sea got lis mel mex nice nap sto str gig hel tls sof ist dub dus rom lon bird sonic mist extreme
    submission cgn ord lux doh
""")
_SHAPE = re.compile(r"(?:blast|bend|bending)\s$")
_AT_PLACE = re.compile(r"(?<![\w-])(?:in|at|from|to|our|the|for|near|towards?|into|via|between|and)\s$|^$")


def _only_a_word(text: str, start: int, spelling: str, kind: EntityType) -> bool:
    """Tell whether a spelling that is a word or a protocol too is used as one: a place code counts after a preposition alone."""
    end = start + len(spelling)
    if end < len(text) and text[end] in "-." and end + 1 < len(text) and text[end + 1].isalnum():
        return True
    if spelling == "radius" and _SHAPE.search(text, max(0, start - 9), start):
        return True
    if spelling not in _AMBIGUOUS:
        return False
    return kind is not EntityType.SITE or spelling == "nice" or not _AT_PLACE.search(text, max(0, start - 9), start)


def find_hosts(text: str) -> Iterator[Entity]:
    """Yield hosts and other tokens of letters and digits. `cr1-ams3`, `CR1.AMS3` and `cr1.ams3.net.example` are one host."""
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token.isalpha() or not (any(char.isdigit() for char in token) and any(char.isalpha() for char in token)):
            continue
        if _WORDS_WITH_DIGITS.fullmatch(token) or (match.start() and text[match.start() - 1] == "."):
            continue
        logged = match.start() > 0 and text[match.start() - 1] == "%"
        yield Entity(EntityType.NAME, token, *match.span()) if logged else _named(token, *match.span())


def _named(token: str, start: int, end: int) -> Entity:
    if _CODE.fullmatch(token):
        return Entity(EntityType.SITE, token, start, end)
    if not re.search(r"[._-]", token):
        plural = re.fullmatch(r"([a-z]+\d+)s", token)
        return Entity(EntityType.NAME, plural[1] if plural else token, start, end)
    labels = token.split(".")
    domain = ""
    if len(labels) > 2 and labels[-1] in _DOMAINS and any(char.isdigit() for char in labels[0]):  # noqa: PLR2004 (host, domain, top level)
        domain = ".".join(labels[-2:])
        labels = labels[:-2]
    # `dist-02-muc`, `dist02-muc` and `dist02.muc` are spellings of one name; two numbers stay apart.
    name = re.sub(r"(?<=[a-z])-(?=\d)", "", re.sub(r"[._]", "-", ".".join(labels)))
    return Entity(EntityType.HOST, name, start, end, detail=domain)
