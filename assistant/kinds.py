"""What kind of answer a question asks for, read off its wording."""

import re

from assistant.answer import Kind

_RESOURCE = re.compile(
    r"\b(?:github|project page|url|link to|checkpoints? (?:available|released)|hugging ?face hub)\b"
    r"|\b(?:code|data(?:sets?)?|models?|weights|implementation|benchmark|demo|it)\b.{0,60}"
    r"\b(?:available|public(?:ly)?|open[- ]?sourced?|released?|on github|in hugging ?face|online)\b"
    r"|\bwhere\b.{0,40}\b(?:find|get|download|code|data(?:sets?)?|models?|weights|implementation)\b"
    r"|\b(?:is|are) there (?:any |an? )?(?:\S+ )?(?:code|implementation|data(?:sets?)?|demo)\b"
    r"|\bdownload\w*\b",
    re.IGNORECASE,
)
_COMPARISON = re.compile(
    r"\b(?:compar\w+|versus|vs\.?|differ\w*|better than|worse than|faster than|slower than"
    r"|outperform\w*|against|relative to)\b",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"^(?:which|what|list|find|show|give|name|are there|any|who)\b.*"
    r"\b(?:papers|methods|approaches|models|works|studies|benchmarks|datasets|techniques|systems"
    r"|surveys|frameworks|tokeni[sz]ers|architectures|algorithms|tools|ways)\b"
    r"|^(?:papers|methods|approaches|work|research) (?:on|about|for|that|which|using)\b",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER = re.compile(
    r"\bhow (?:many|much|long|large|big|fast|often|far|few|small|little)\b"
    r"|\bwhich (?:two|three|four|five)\b|\bby what factor\b"
    r"|\b(?:what|which) (?:percentage|percent|fraction|share|range|proportion|number|size|accuracy"
    r"|score|speed-?up|ratio|rate|throughput|gain)\b"
    r"|\bwhat .*\b(?:accuracy|score|speed-?up|percent\w*|latency|f1|bleu|perplexity|parameters"
    r"|tokens per)\b",
    re.IGNORECASE,
)
_DEFINITION = re.compile(
    r"^(?:what(?:'s| is| are| does| do)\b(?!.*\b(?:used|found|score|accuracy)\b)|define\b|explain\b"
    r"|describe\b|tell me about\b|how (?:does|do|is|are)\b.*\b(?:work|works|built|defined)\b"
    r"|who (?:is|are)\b)",
    re.IGNORECASE,
)


def kind_of(question: str) -> Kind:
    """Return the kind of answer that `question` asks for; "factoid" where nothing tells."""
    text = question.strip()
    if _NUMBER.search(text):
        return "number"
    if _RESOURCE.search(text):
        return "resource"
    if _COMPARISON.search(text):
        return "comparison"
    if _LIST.search(text):
        return "list"
    if _DEFINITION.search(text):
        return "definition"
    return "factoid"
