"""What kind of answer a question asks for, read off its wording."""

import re
from collections.abc import Mapping

from assistant.answer import Kind
from assistant.question.conditions import bounds_something

#: Kinds of question that many papers answer, each in its own way.
MANY: frozenset[Kind] = frozenset({"list", "threshold"})
#: What the fitted scorers take a kind for that they do not know.
SCORED_AS: Mapping[Kind, Kind] = {"threshold": "list"}
#: A question that is answered by papers or what they propose, if it sets a bound on a figure.
_WHICH = re.compile(
    r"\b(?:which|who|anyone|anybody|anything|(?:is|are) there|(?:is|are|do|does|has|have) any\w*)\b"
    # What is no question at all is a subject: "torque sensors below 10 nNm".
    r"|^(?!(?:how|why|when|where|what|by|at|in|on|with|for|does|do|did|is|are|was|were|can|could|has"
    r"|have|will|would|should|compare|explain|describe|tell)\b)",
    re.IGNORECASE,
)
#: What papers put forward or study, in the plural: the general words for it and their compounds
#: ("datasets", "frameworks").
_THINGS = (
    r"(?:papers|articles|(?:data|sub|test)?sets|solutions|strategies|corpora|defen[cs]es"
    r"|\w*(?:methods|approaches|models|works|studies|marks|techniques|systems|surveys|algorithms"
    r"|architectures|tools|bots|metrics|tests|attacks|agents|evaluations))"
)
#: By its form, what does something: "detectors", "tokenisers".
_DOERS = r"\w{4,}(?:er|or)s"
_VERB = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|makes?)"
#: Papers asked for as such, or work on a subject.
_PAPERS_ASKED_FOR = (
    r"\b(?:which|what|any|list|show|find|give|recommend|other|more|similar)\b[^?.]{0,40}"
    r"\b(?:papers|studies|works|surveys|articles|publications|literature)\b"
    r"|\b(?:in|by) which (?:papers|studies|works)\b|^papers\b|\bpapers\W*$"
)
_WORK_ON = (
    r"\b(?:any|is there|show me|list|related|other|what|which) (?:other )?"
    r"(?:work|research|literature)\b"
    r"|^(?:is there )?anything (?:on|about)\b|\bwhich ones\b|\bwho has done\b"
    r"|\bwhat (?:has|have) been (?:done|proposed|tried|published|written)\b"
)
#: "Who prunes tokens?"
_WHO_DOES = r"^who (?!is\b|was\b|gets\b|does\b|has\b)\w+s\b"
_QUALIFIED = rf"(?: (?!{_VERB}\b|(?:the|of|on|for|in|to|by|with|from)\b)[\w'/+-]+){{0,6}}"
_NO_FEW = r"(?! (?:the )?(?:two|three|four|five)\b)"
#: "Which methods do it": what is listed stands before the verb.
_WHICH_THINGS = (
    r"^(?:and )?(?:which|what|name|list|show me|find|give me)"
    rf"{_NO_FEW}{_QUALIFIED} {_THINGS}\b"
    # "What triggers it" has a verb of that form, "which leaders did he meet" another subject.
    rf"|^(?:and )?(?:which|name|list|show me|find|give me){_NO_FEW}{_QUALIFIED} {_DOERS}\b"
    r"(?! (?:is|was|does|did|has|had)\b)"
)
#: No question at all, but a subject in the plural: "3d lane detection methods".
_THINGS_NAMED = (
    r"^(?!(?:how|what|why|when|where|which|who|in|on|for|by|with|link|tell|explain|describe|define"
    rf"|project|number|if|according|{_VERB})\b)(?:(?!{_VERB}\b)[\w'/+-]+ ){{0,5}}"
    rf"(?:{_THINGS}|{_DOERS})"
    r"(?= (?:on|for|that|to|based|with|of|in|where|using|which)\b|\W*$)(?!.*\?)"
)
_LIST = re.compile(
    "|".join((_PAPERS_ASKED_FOR, _WORK_ON, _WHO_DOES, _WHICH_THINGS, _THINGS_NAMED)), re.IGNORECASE
)
_RESOURCE = re.compile(
    r"\b(?:github|project page|url|link to|checkpoints? (?:available|released)|hugging ?face hub)\b"
    r"|\b(?:code|data(?:sets?)?|models?|weights|implementation|benchmark|demo|it)\b.{0,60}"
    r"\b(?:available|public(?:ly)?|open[- ]?sourced?|released?|on github|in hugging ?face|online)\b"
    r"|\bwhere (?:can|could|do|may|should|to|is|are|was|were|will|might)\b.{0,40}"
    r"\b(?:find|get|download|code|data(?:sets?)?|weights|implementation)\b"
    r"|\bwhere (?:is|are) (?:it|they)\W*$|\bwebsite\b|^(?!how\b|what\b|why\b|which\b).*"
    r"\b(?:code|repo|weights|checkpoints)(?: (?:link|repo|please))?\W*$"
    r"|\b(?:is|are) there (?:any |an? )?(?:\S+ )?(?:code|implementation|data(?:sets?)?|demo)\b"
    r"|\bget the (?:code|data|weights|model|images)\b|\b(?:code|repo|weights|license) (?:for|of)\b"
    r"|\bdownload\w*\b",
    re.IGNORECASE,
)
#: A question of how something came about, whatever resource it names.
_REASON = re.compile(r"^(?:and )?(?:why\b|how (?!can\b|could\b|to\b|do (?:i|we)\b))", re.IGNORECASE)
_COMPARISON = re.compile(
    r"\b(?:compar\w+|versus|vs\.?|differ\w*|better than|worse than|faster than|slower than"
    r"|outperform\w*|against|relative to|stack up|(?:better|worse|cheaper|faster)\b.*\bor\b)\b",
    re.IGNORECASE,
)
#: An amount is what is asked unless another question word stands ahead in the same clause: "How
#: does it decide how many to keep?" asks how.
_AMOUNT = (
    r"(?:[,;:.?!\u2013\u2014]\s*|\b(?:and|or|but)\s+(?:\w+\s+)?"
    r"|^(?:(?!\b(?:how|what|which|why|when|where|who|whose)\b).)*?\b)"
    r"how (?:many|much|long|large|big|fast|often|far|few|small|little)\b"
)
_NUMBER = re.compile(
    rf"{_AMOUNT}|\bwhich (?:two|three|four|five)\b|\bby what (?:factor|margin)\b"
    r"|\b(?:what|which) (?:percentage|percent|fraction|share|range|proportion|number|size|accuracy"
    r"|score|speed-?up|ratio|rate|throughput|gain)\b"
    r"|\bwhat .*\b(?:accuracy|score|speed-?up|percent\w*|latency|f1|bleu|perplexity|parameters"
    r"|tokens per)\b",
    re.IGNORECASE,
)
_DEFINITION = re.compile(
    r"^(?:what(?:'s| is| are| does| do)\b(?!.*\b(?:used|found|score|accuracy)\b)|define\b|explain\b"
    r"|describe\b|tell me about\b|how (?:does|do|is|are)\b.*\b(?:work|works|built|defined)\b"
    r"|who (?:is|are)\b)|\bwhat (?:is it|are they)\W*$|\bmeant by\b|\bdefinition\W*$",
    re.IGNORECASE,
)


def kind_of(question: str) -> Kind:
    """Return the kind of answer that `question` asks for; "factoid" where nothing tells."""
    text = question.strip()
    if _WHICH.search(text) and not _NUMBER.search(text) and bounds_something(text):
        return "threshold"
    if _LIST.search(text):
        return "list"
    if _NUMBER.search(text):
        return "number"
    if _RESOURCE.search(text) and not _REASON.match(text):
        return "resource"
    if _COMPARISON.search(text):
        return "comparison"
    if _DEFINITION.search(text):
        return "definition"
    return "factoid"
