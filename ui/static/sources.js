// Sources open from their chips: beside the conversation, or on a phone as a sheet from below.
// Everything listens on the document, for Gradio replaces the elements below it as it likes.
(() => {
  const column = () => document.getElementById("aa-source-column");
  const isSheet = () => matchMedia("(max-width: 820px)").matches; // as in sources.css
  let opener = null; // the link that opened the source, where the focus goes back to

  function open(link) {
    const target = aa.targetOf(link);
    const card = target && target.closest(".aa-source");
    if (!card) return;
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
  }

  // The top of the card where the mark fits below it in the panel, else the mark.
  function bring(card, target) {
    const panel = card.closest(".aa-panel");
    const fits = target.getBoundingClientRect().bottom - card.getBoundingClientRect().top
      < panel.clientHeight - 32;
    (fits ? card : target).scrollIntoView({ block: fits ? "start" : "center" });
  }

  function close() {
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

  document.addEventListener("click", (event) => {
    const link = event.target.closest(".aa-chip, .aa-from, .aa-look");
    if (link && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      open(link);
    } else if (event.target.closest(".aa-close") || event.target.id === "aa-main") close();
  }, true);

  document.addEventListener("keydown", (event) => {
    if (aa.isEscape(event) && close()) event.preventDefault();
  });
  addEventListener("resize", () => setBehindSheet(!!opener));

  aa.closeSource = close;
})();
