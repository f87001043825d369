// A quote is copied with its source, and the id of a snapshot whole.
(() => {
  const SHOWN = 1500; // milliseconds

  function quoteWithSource(button) {
    const quote = button.closest(".aa-quote");
    const target = aa.targetOf(quote.querySelector(".aa-chip"));
    const card = target && target.closest(".aa-source");
    const text = (selector) => card && card.querySelector(selector)?.textContent;
    const link = card && card.querySelector(".aa-link a:not(.aa-here)");
    const source = [text(".aa-title"), text(".aa-facts"), link && link.href];
    const cited = source.filter(Boolean).join(". ");
    return `“${quote.querySelector(".aa-verbatim").textContent}” (${cited})`;
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest(".aa-copy, .aa-snapshot");
    if (!button) return;
    const text = button.matches(".aa-copy") ? quoteWithSource(button) : button.name;
    await navigator.clipboard.writeText(text);
    button.classList.add("aa-copied");
    aa.say("Copied.");
    setTimeout(() => button.classList.remove("aa-copied"), SHOWN);
  });
})();
