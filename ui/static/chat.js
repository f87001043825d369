// What the page does by itself: sources open from their chips, the newest question stays in view,
// a quote is copied with its source. Everything listens on the document, for Gradio replaces the
// elements below it as it likes.
(() => {
  const column = () => document.getElementById("aa-source-column");
  const chat = () => document.getElementById("aa-chat");
  const isSheet = () => matchMedia("(max-width: 820px)").matches; // as in sources.css
  let opener = null; // the link that opened the source, where the focus goes back to

  const targetOf = (link) => {
    const id = (link.getAttribute("href") || "").split("#").pop();
    return id ? document.getElementById(id) : null;
  };

  function openSource(link) {
    const target = targetOf(link);
    const card = target && target.closest(".aa-source");
    if (!card) return false;
    const section = card.closest("section");
    document.querySelectorAll("#aa-sources section").forEach((s) => (s.hidden = s !== section));
    document.querySelectorAll(".aa-active").forEach((e) => e.classList.remove("aa-active"));
    card.querySelector("details").open = true;
    [card, target, link].forEach((e) => e.classList.add("aa-active"));
    opener = link;
    column().classList.add("aa-open");
    setBehindSheet(true);
    card.focus({ preventScroll: true });
    bring(card, target);
    return true;
  }

  // The top of the card where the mark fits below it in the panel, else the mark.
  function bring(card, target) {
    const panel = card.closest(".aa-panel");
    const fits = target.getBoundingClientRect().bottom - card.getBoundingClientRect().top
      < panel.clientHeight - 32;
    (fits ? card : target).scrollIntoView({ block: fits ? "start" : "center" });
  }

  function closeSource() {
    if (!column() || !column().classList.contains("aa-open")) return false;
    column().classList.remove("aa-open");
    setBehindSheet(false);
    document.querySelectorAll(".aa-active").forEach((e) => e.classList.remove("aa-active"));
    if (opener && opener.isConnected) opener.focus({ preventScroll: true });
    opener = null;
    return true;
  }

  // While a sheet is up, what lies behind it takes neither the focus nor a tap.
  function setBehindSheet(on) {
    for (const id of ["aa-chat-column", "aa-header"]) {
      document.getElementById(id).inert = on && isSheet();
    }
  }

  function quoteWithSource(button) {
    const quote = button.closest(".aa-quote");
    const chip = quote.querySelector(".aa-chip");
    const card = targetOf(chip) && targetOf(chip).closest(".aa-source");
    const facts = card && card.querySelector(".aa-facts").textContent;
    const link = card && card.querySelector(".aa-link a");
    const source = [chip.title, facts, link && link.href].filter(Boolean).join(". ");
    return `“${quote.querySelector(".aa-verbatim").textContent}” (${source})`;
  }

  async function copy(button) {
    await navigator.clipboard.writeText(quoteWithSource(button));
    button.classList.add("aa-copied");
    setTimeout(() => button.classList.remove("aa-copied"), 1500);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest(".aa-chip, .aa-from, .aa-look");
    if (link && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      openSource(link);
      return;
    }
    const button = event.target.closest(".aa-copy");
    if (button) copy(button);
    else if (event.target.closest(".aa-close") || event.target.id === "aa-main") closeSource();
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && closeSource()) event.preventDefault();
  });

  // The newest question stands at the top with its answer below it. There is always room for that,
  // so an answer that arrives moves nothing; and it is held there until the reader moves the page.
  let asked = 0;
  let held = false;

  function settle() {
    const scroller = chat() && chat().querySelector(".panel-wrap");
    const messages = scroller && scroller.querySelector(".message-wrap");
    const rows = messages ? messages.querySelectorAll(".user-row") : [];
    if (rows.length) {
      sizes.observe(scroller);
      sizes.observe(messages);
      const newest = rows[rows.length - 1];
      const top = (element) => element.getBoundingClientRect().top;
      const below = messages.lastElementChild.getBoundingClientRect().bottom - top(newest);
      messages.style.paddingBottom = `${Math.max(24, scroller.clientHeight - below)}px`;
      if (rows.length > asked) {
        closeSource();
        document.querySelector("#aa-sources .aa-panel").scrollTop = 0;
        held = true;
      }
      if (held) scroller.scrollTop += top(newest) - top(scroller);
    }
    asked = rows.length;
  }

  const sizes = new ResizeObserver(settle);
  for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    document.addEventListener(kind, () => (held = false), { capture: true, passive: true });
  }

  // Gradio names things for a screen reader by their source text, or not at all.
  function name() {
    document.querySelectorAll("#aa-chat [data-testid][aria-label]").forEach(
      (e) => e.removeAttribute("aria-label"));
    document.querySelectorAll("#aa-box .submit-button:not([aria-label])").forEach(
      (e) => e.setAttribute("aria-label", "Ask"));
  }

  // Ready to type in from the start, but without calling up the keyboard of a phone.
  let ready = false;
  function focusBox() {
    const box = document.querySelector("#aa-box textarea");
    if (!box || ready) return;
    ready = true;
    if (matchMedia("(hover: hover)").matches) box.focus();
  }

  const update = () => { settle(); name(); focusBox(); };
  new MutationObserver(update).observe(document, { childList: true, subtree: true });
  addEventListener("resize", () => setBehindSheet(!!opener));
})();
