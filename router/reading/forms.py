"""How a question is put, made one for the many ways of putting it (pure)."""

from collections.abc import Sequence
from itertools import pairwise

from router.entities import Entity, EntityType
from router.entities.tables import wordset
from router.reading.frames import fit
from router.reading.lexicon import Lexicon, lexicon
from router.reading.said import NOT, Senses

STRICT = wordset("why who when where count duration amount often difference")
"""Ways of putting a question of which none is another."""
_GIVEN = wordset("give get")
_COMMANDED = wordset("command commands syntax cli type enter paste config configuration configure")
_MAKES = wordset("create define set make put")
_ADDED_TO = wordset("vlan trunk interface list bundle group allow access_list prefix_list firewall_rule route_map community entry")
"""To add something to one of these is not to set it: `allowed vlan add 9` and `allowed vlan 9` differ by all other VLANs."""
_NAMED = frozenset({EntityType.HOST, EntityType.NAME, EntityType.CIRCUIT, EntityType.SITE, EntityType.INTERFACE})


def complete(found: Senses, entities: Sequence[Entity], beside: frozenset[str]) -> None:
    """Bring what was found to one form: what several words say together, how it is put, and the frame that they fit."""
    words = lexicon()
    _bare(found, beside)
    _combine(found, words)
    _settle_on_one(found, words)
    _describe(found, entities)
    _explain(found, entities)
    _command(found, entities, words)
    _relate(found, words)
    fit(found, entities)


def _bare(found: Senses, beside: frozenset[str]) -> None:
    """Add what a terse question leaves out: who something is, and no more, asks for its owner; `eth1/9 up?` asks whether."""
    bare = not found.strong and found.weak <= beside | _GIVEN and any(word.count(":") > 1 for word in found.sequence)
    if bare and "who" in found.ops and found.ops <= {"who", "what"}:
        found.ops.clear()
        found.strong_sense("owner", "who")
    if found.strong == ["up"] and not found.ops:
        found.ops.add("yesno")


def _combine(found: Senses, words: Lexicon) -> None:
    """Replace several senses by the one that they say together."""
    present = _present(found)
    for combination in words.combinations:
        if combination.all <= present:
            found.ops -= {part[1:] for part in combination.all if part.startswith("?")}
            found.weak -= combination.all
            found.strong = [sense for sense in found.strong if sense not in combination.all]
            found.ops |= {given[1:] for given in combination.gives if given.startswith("?")}
            for given in combination.gives:
                if not given.startswith("?"):
                    found.strong.append(given)
                    found.sources[given] = given
            present = _present(found)


def _present(found: Senses) -> set[str]:
    return {f"?{op}" for op in found.ops} | set(found.strong) | found.weak


def _settle_on_one(found: Senses, words: Lexicon) -> None:
    """Keep the way of asking that says most; who a neighbour or a carrier is asks what it is."""
    if "who" in found.ops and words.things & set(found.strong) and _asks_who_is(found.sequence):
        found.ops = found.ops - {"who"} | {"what"}
    if found.ops & STRICT:
        found.ops -= {"what", "howto", "yesno"}
    elif "howto" in found.ops:
        found.ops -= {"what", "yesno"}
    elif "what" in found.ops:
        found.ops.discard("yesno")


def _asks_who_is(sequence: Sequence[str]) -> bool:
    """Tell whether it is asked who something is: who set it up is a person."""
    return any(word == "who" and after in {"is", "are"} for word, after in pairwise(sequence))


def _explain(found: Senses, entities: Sequence[Entity]) -> None:
    """Take what a thing of the trade is for and what it is as one: both ask to explain it. What somebody's VLAN is for is a record."""
    if not entities and found.ops <= {"what"} and len(found.strong) > 1 and "purpose" in found.strong:
        found.strong.remove("purpose")


def _describe(found: Senses, entities: Sequence[Entity]) -> None:
    """Take how something is set on a device of ours for what is there: how to set it is another question."""
    ours = any(entity.type in _NAMED for entity in entities)
    if ours and "howto" in found.ops and any(word == "how" and after in {"is", "are"} for word, after in pairwise(found.sequence)):
        found.ops = found.ops - {"howto"} | {"what"}


def _command(found: Senses, entities: Sequence[Entity], words: Lexicon) -> None:
    """Say what is to be done where a command is asked for and no verb says it: to look at a state, to set a setting."""
    types = {entity.type for entity in entities}
    if "howto" not in found.ops:
        if not (found.weak & {"show", "display"} and EntityType.VENDOR in types and not types & _NAMED and found.ops <= {"what"}):
            return
        found.ops = {"howto"}
    strong = set(found.strong)
    if any(words.contrast.get(sense.removeprefix(NOT)) == "action" or sense in words.doing for sense in strong - _MAKES):
        if "add" in strong and not _ADDED_TO & (strong | found.weak | {entity.type.value for entity in entities}):
            _rename(found, wordset("add"), "configure")
        return
    if strong & _MAKES:
        _rename(found, _MAKES, "configure")
    elif found.weak & words.shows or (strong & words.observable and "static" not in strong):
        found.strong_sense("show", "show")
    elif strong and _COMMANDED & set(found.sequence):
        found.strong_sense("configure", "configure")


def _rename(found: Senses, senses: frozenset[str], name: str) -> None:
    found.strong = [sense for sense in found.strong if sense not in senses]
    found.strong_sense(name, name)


def _relate(found: Senses, words: Lexicon) -> None:
    """Let go of the verb that only ties what is asked to what it is asked of: `is mapped to`, `belongs to`, `sits in`."""
    if not found.ops <= {"what"}:
        return
    ties = {sense for sense in found.strong if sense in words.relations or (sense == "owner" and found.sources.get(sense) in _BELONGS)}
    rest = [sense for sense in found.strong if sense not in ties]
    if ties and any(not sense.startswith(NOT) for sense in rest) and not words.people & set(rest):
        found.strong = rest
        found.weak |= ties


_BELONGS = frozenset({"belong", "belongs", "belongs to", "belong to", "assigned to", "assigned", "assignment", "allocated"})
