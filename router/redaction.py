"""Takes secrets out of a text before it is stored, sent to a model or matched with another (pure; linear in the text)."""

import re

HIDDEN = "[secret removed]"

_MIXED = r"""(?=[^\s"']{0,99}[0-9!@\#$%^&*+=~])[^\s"',;]{6,200}"""
"""What looks like a secret and not like a word: six signs or more, a digit or a special one among them."""
_TYPED = r"""(?=[^\s"']{0,99}[0-9A-Z!@\#$%^&*+=~])[^\s"']{4,200}"""
"""What stands after the way in which it is written: a word in small letters goes on with the sentence."""
_KEYED = "password|passwd|secret|key|key-string|md5|pre-shared-key|psk|passphrase|authentication-key|encrypted-password|wpa-psk"
"""What a device's configuration says before the way in which a secret is written."""
_SECRET = re.compile(
    rf"""
    # private keys
      -----BEGIN[ ][A-Z ]{{0,30}}PRIVATE[ ]KEY-----(?:[^-]|-(?!----)){{0,20000}}(?:-----END[ ][A-Z ]{{0,30}}-----)?
    # tokens whose own form tells what they are
    | (?<![\w/+-])(?:
          (?:AKIA|ASIA)[0-9A-Z]{{16}} | gh[pousr]_\w{{30,255}} | github_pat_\w{{30,255}} | glpat-[\w-]{{16,255}}
        | xox[a-z]-[\w-]{{10,255}} | xapp-[\w-]{{10,255}} | sk-[\w-]{{20,255}} | AIza[\w-]{{30,64}} | npm_\w{{30,64}} | hf_\w{{30,64}}
        | dop_v1_\w{{30,128}} | SG\.[\w-]{{16,64}}\.[\w-]{{16,64}} | eyJ[\w-]{{8,4000}}\.eyJ[\w-]{{8,4000}}(?:\.[\w-]{{0,4000}})?
      )
    | (https://hooks\.slack\.com/\w{{1,20}}/)[\w/-]{{8,200}}
    # passwords as devices and hosts keep them
    | \$(?:1|2[aby]|5|6|8|9|14|y|sha1)\$[\w./$=+-]{{6,200}}
    # addresses and headers
    | (\b[a-z][a-z0-9+.-]{{1,20}}://[^\s:/@]{{1,64}}:)[^\s@/]{{1,128}}(?=@)
    | ((?i:\b(?:bearer|authorization["']?\s{{0,3}}[:=]\s{{0,3}}(?:basic|token))\s{{1,3}}))[\w.~+/=-]{{12,4000}}
    # configurations
    | ((?i:\b(?:{_KEYED})[ \t]{{1,3}}(?:0|ascii-text|ascii|cleartext|plaintext)[ \t]{{1,3}})["']?)[^\s"']{{4,200}}
    | ((?i:\b(?:{_KEYED})[ \t]{{1,3}}(?:[5-9]|14|encrypted|hexadecimal|hex|enc)[ \t]{{1,3}})["']?){_TYPED}
    | ((?i:\b(?:
          (?:snmp-server|snmp|set)[ \t]{{1,3}}community(?:[ \t]{{1,3}}string)?
        | (?:tacacs|radius)(?:-server)?[ \t]{{1,3}}(?:host[ \t]{{1,3}}\S{{1,60}}[ \t]{{1,3}})?key
        | isakmp[ \t]{{1,3}}key
        | (?:username|user)[ \t]{{1,3}}\S{{1,40}}[ \t]{{1,3}}(?:privilege[ \t]{{1,3}}\d{{1,2}}[ \t]{{1,3}})?(?:password|secret)
        | enable[ \t]{{1,3}}(?:password|secret)
        | neighbor[ \t]{{1,3}}\S{{1,60}}[ \t]{{1,3}}password
        | message-digest-key[ \t]{{1,3}}\d{{1,3}}[ \t]{{1,3}}md5
        | pre-shared-key(?:[ \t]{{1,3}}(?:local|remote))?
        | authentication-key | encrypted-password | key-string | wpa-psk | wpa-passphrase | set[ \t]{{1,3}}psksecret
      )[ \t]{{1,3}})["']?){_MIXED}
    # sentences
    | ((?i:\b(?:
          password | passwd | pwd | passphrase | passcode | secret | psk | pre-?shared[ _-]key | (?:api|access|secret)[ _-]?key
        | (?:auth|access|api|bearer)?[ _-]?token | snmp[ _-]community(?:[ _-]string)? | wifi[ _-]key
      )["']?(?:\s{{0,3}}[:=]\s{{0,3}}|[ \t]{{1,3}}(?:is|was)[ \t]{{1,3}}))["']?){_MIXED}
    """,
    re.VERBOSE,
)


def redacted(text: str) -> str:
    """Return a text with HIDDEN in the place of each key, password, token and hash that it holds; what names them stays."""
    return _SECRET.sub(lambda match: next((kept for kept in match.groups() if kept), "") + HIDDEN, text)
