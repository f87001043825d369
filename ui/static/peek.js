// A peek: the title and the quote behind a chip, while the pointer or the focus is on it. It stays
// while the pointer is on the peek itself, and Escape takes it away.
(() => {
  const LINGER = 250; // milliseconds to move from the chip to the peek
  const GAP = 8; // pixels between the two, and to the edge of the window
  let chip = null;
  let byFocus = false;
  let escaping = false; // the focus that comes back with Escape shows nothing
  let closing = 0;

  const hasPointer = () => matchMedia("(hover: hover)").matches;
  const peek = () => document.getElementById("aa-peek");

  function made() {
    const parts = ["title", "facts", "quote"].map((part) =>
      aa.made("p", { className: `aa-peek-${part}` }));
    const card = aa.made("div", { id: "aa-peek", className: "aa-over", hidden: true }, ...parts);
    card.setAttribute("role", "tooltip");
    (document.querySelector(".gradio-container") || document.body).append(card);
    return card;
  }

  function show(over, isFocused) {
    clearTimeout(closing);
    const source = aa.targetOf(over)?.closest(".aa-source");
    if (!source || over === chip) return;
    hide();
    chip = over;
    byFocus = isFocused;
    const card = peek() || made();
    const fill = (part, text) => (card.querySelector(`.aa-peek-${part}`).textContent = text);
    fill("title", source.querySelector(".aa-title").textContent);
    fill("facts", source.querySelector(".aa-facts").textContent);
    fill("quote", `“${over.closest(".aa-quote").querySelector(".aa-verbatim").textContent}”`);
    card.hidden = false;
    over.setAttribute("aria-describedby", "aa-peek");
    place(card, over.getBoundingClientRect());
  }

  // Above the chip where there is room, else below it.
  function place(card, at) {
    const { offsetWidth: width, offsetHeight: height } = card;
    const left = at.left + at.width / 2 - width / 2;
    const above = at.top - height - GAP;
    card.style.left = `${Math.max(GAP, Math.min(left, innerWidth - width - GAP))}px`;
    card.style.top = `${above > GAP ? above : at.bottom + GAP}px`;
  }

  function hide() {
    if (!chip) return false;
    chip.removeAttribute("aria-describedby");
    chip = null;
    peek().hidden = true;
    return true;
  }

  const leave = () => { clearTimeout(closing); closing = setTimeout(hide, LINGER); };
  const chipAt = (event) => event.target.closest?.("#aa-chat .aa-chip");

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    if (chipAt(event)) show(chipAt(event), false);
    else if (event.target.closest?.("#aa-peek")) clearTimeout(closing);
    else if (chip && !byFocus) leave();
  });
  document.addEventListener("focusin", (event) => {
    const focused = chipAt(event);
    if (focused && !escaping && hasPointer() && focused.matches(":focus-visible")) show(focused, true);
    else hide();
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("scroll", hide, true);
  addEventListener("resize", () => { if (chip) place(peek(), chip.getBoundingClientRect()); });
  document.addEventListener("click", hide, true);
  document.addEventListener("keydown", (event) => (escaping = event.key === "Escape"), true);
  document.addEventListener("keydown", (event) => {
    if (aa.isEscape(event) && hide()) event.preventDefault();
  });
})();
