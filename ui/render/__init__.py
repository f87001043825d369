"""What the chat shows of an answer, as HTML in which every text that is not ours is escaped.

Pure functions to strings. The chat's message passes through Markdown, a LaTeX pass and an HTML
sanitiser before it is shown, and the sanitiser drops `data-*` and `aria-*`: so links carry what
they point at in their address, buttons what they mean in their name, and `verbatim` leaves no
character that any of the three would take for markup.
"""

from ui.render.answer import answer_html
from ui.render.masthead import masthead_html
from ui.render.turn import notice_html, question_html, waiting_html
from ui.render.welcome import welcome_html, welcome_to_html

__all__ = [
    "answer_html",
    "masthead_html",
    "notice_html",
    "question_html",
    "waiting_html",
    "welcome_html",
    "welcome_to_html",
]
