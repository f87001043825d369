"""Spelling: one spelling for words that British and American writers spell differently."""

import re
from functools import lru_cache

#: Words whose spelling is kept, since a few make up most of any text.
WORDS = 1 << 16
#: Greek and Latin stems whose "ae" or "oe" Americans write "e".
_DIGRAPHS = re.compile(
    "aemi|haem|paed|palaeo|archaeo|anaesth|aetio|gynaec|faec|caec|oestr|oedem|oesoph|foet|rrhoea"
    "|coeli|homoeo|amoeb"
)
#: What is written for each ending or stem; the outcome is a key to compare by, not a word to show.
_RULES = tuple(
    (re.compile(pattern), spelling)
    for pattern, spelling in (
        # To "s", because too many words end in "ise" that never had a "z": raise, precise.
        (r"(?<=[a-z]{2}[iy])z(?=(?:e|ed|er|ers|es|ing|able|ations?)\b)", "s"),
        (
            r"\b((?:dis)?(?:arm|behavi|col|fav|flav|glam|harb|hon|hum|lab|neighb|od|rig|rum|tum"
            r"|vap|vig))our",
            r"\1or",
        ),
        (r"\b(calib|cent|fib|lit|lust|\w*met|spect|theat)re(?=s?\b)", r"\1er"),
        (r"(?<=[a-z]{3}og)ue(?=s?\b)", ""),
        (r"\b(def|lic|off|pret)ence", r"\1ense"),
        (r"\bgrey", "gray"),
        (r"\bartefact", "artifact"),
        (r"\bageing\b", "aging"),
        (r"\bprogramme(?=s?\b)", "program"),
        (r"\bjudgement", "judgment"),
        (r"\baluminium\b", "aluminum"),
        (r"sulph", "sulf"),
    )
)


@lru_cache(maxsize=WORDS)
def one_spelling(word: str) -> str:
    """Return the spelling that a lower-case word and its variants share."""
    word = _DIGRAPHS.sub(lambda match: re.sub("[ao]e", "e", match[0]), word)
    for pattern, spelling in _RULES:
        word = pattern.sub(spelling, word)
    return word
