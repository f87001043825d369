// The conversation: the newest question stays in view, an answer that arrives is announced, and
// what Gradio leaves without a name gets one.
(() => {
  // The newest question stands at the top with its answer below it. There is always room for that,
  // so an answer that arrives moves nothing; and it is held there until the reader moves the page.
  let asked = 0;
  let held = null; // the row that is held, and how far below the top

  const scrolled = () => aa.chat() && aa.chat().querySelector(".panel-wrap");
  const rowsOf = (scroller) => [...scroller.querySelectorAll(".message-row")];
  const top = (element) => element.getBoundingClientRect().top;

  function settle() {
    const scroller = scrolled();
    const messages = scroller && scroller.querySelector(".message-wrap");
    const questions = messages ? messages.querySelectorAll(".user-row") : [];
    if (questions.length) {
      sizes.observe(scroller);
      sizes.observe(messages);
      const newest = questions[questions.length - 1];
      const below = messages.lastElementChild.getBoundingClientRect().bottom - top(newest);
      messages.style.paddingBottom = `${Math.max(24, scroller.clientHeight - below)}px`;
      const rows = rowsOf(scroller);
      if (questions.length > asked) {
        aa.closeSource();
        document.querySelector("#aa-sources .aa-panel").scrollTop = 0;
        const isBack = left && left.id === aa.talk.conversation() && rows[left.row];
        held = isBack ? left : { row: rows.indexOf(newest), by: 0 };
        keepFocus(newest);
      }
      if (held && rows[held.row]) scroller.scrollTop += top(rows[held.row]) - top(scroller) - held.by;
    }
    asked = questions.length;
  }

  const sizes = new ResizeObserver(settle);
  for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    document.addEventListener(kind, () => (held = left = null), { capture: true, passive: true });
  }

  // Where the reader was before the page was loaded anew.
  const PLACE = `aa-place:${new URL(".", document.baseURI).pathname}`;
  let left = null;
  try {
    left = JSON.parse(sessionStorage.getItem(PLACE));
  } catch { /* this browser keeps nothing */ }

  addEventListener("pagehide", () => {
    const scroller = scrolled();
    const rows = scroller ? rowsOf(scroller) : [];
    const row = rows.findIndex((one) => one.getBoundingClientRect().bottom > top(scroller));
    try {
      sessionStorage.setItem(PLACE, JSON.stringify(
        row < 0 ? null : { id: aa.talk.conversation(), row, by: top(rows[row]) - top(scroller) }));
    } catch { /* as above */ }
  });

  // A question that was clicked is gone from the page, and the focus with it.
  function keepFocus(newest) {
    if (document.activeElement && document.activeElement !== document.body) return;
    if (hasPointer()) return aa.box().focus({ preventScroll: true });
    newest.tabIndex = -1;
    newest.focus({ preventScroll: true });
  }

  // The log would be read out whole, buttons and all, at each change; this says what has come.
  let waited = false;
  function announce() {
    const waiting = !!document.querySelector("#aa-chat .aa-waiting");
    const rows = document.querySelectorAll("#aa-chat .bot-row");
    const shown = rows.length && rows[rows.length - 1].querySelector(".aa-answer, .aa-notice");
    if (waited && !waiting && shown) aa.say(summary(shown));
    if (waiting !== waited) waited = waiting;
  }

  function listen() {
    if (document.getElementById("aa-said")) return;
    const status = aa.made("p", { id: "aa-said", className: "aa-unseen aa-over" });
    status.setAttribute("role", "status");
    document.body.append(status);
  }

  function summary(shown) {
    const text = (selector) => [...shown.querySelectorAll(selector)].map((e) => e.textContent.trim());
    const quotes = text(".aa-verbatim");
    const count = quotes.length && `${quotes.length} ${quotes.length === 1 ? "quote" : "quotes"}`;
    const parts = [...text(".aa-match, .aa-none, .aa-partly .aa-said, .aa-why"), count, quotes[0]];
    return shown.matches(".aa-notice") ? text("p").join(" ") : parts.filter(Boolean).join(". ");
  }

  // Gradio names things for a screen reader by their source text, or not at all.
  function name() {
    const each = (selector, change) => document.querySelectorAll(selector).forEach(change);
    each("#aa-chat [data-testid][aria-label]", (e) => e.removeAttribute("aria-label"));
    each("#aa-chat [role=log]:not([aria-live=off])", (e) => e.setAttribute("aria-live", "off"));
    each("#aa-chat .examples[role]", (e) => e.removeAttribute("role"));
    each("#aa-chat .aa-question:not([tabindex])", (e) => {
      if (e.scrollHeight > e.clientHeight) e.tabIndex = 0;
    });
    each("#aa-box .submit-button:not([aria-label])", (e) => e.setAttribute("aria-label", "Ask"));
  }

  // Ready to type in from the start, but without calling up the keyboard of a phone.
  const hasPointer = () => matchMedia("(hover: hover)").matches;
  let ready = false;
  function focusBox() {
    if (!aa.box() || ready) return;
    ready = true;
    if (hasPointer()) aa.box().focus();
  }

  // The empty chat about one paper is none any more once that filter is taken away.
  const SOON = 100; // milliseconds
  let greeting = 0;
  function greetAnew() {
    const about = document.querySelector("#aa-chat .aa-one-paper");
    if (!about || new URLSearchParams(location.search).has("paper")) return;
    // Not while something is on its way, whose connection would be cut.
    clearTimeout(greeting);
    if (aa.talk?.isBusy()) greeting = setTimeout(greetAnew, SOON);
    else location.reload();
  }

  aa.onChange(() => { if (document.body) { listen(); settle(); announce(); name(); focusBox(); greetAnew(); } });
})();
