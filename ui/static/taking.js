// Taking answers away. The page holds each answer as data; the server writes what is asked for,
// and the page copies it or saves it as a file: nothing is kept on the server.
(() => {
  const RESULT_SHOWN = 4000; // milliseconds

  function answerIn(element) {
    const bytes = Uint8Array.from(atob(element.textContent), (c) => c.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  }

  function answersFor(menu) {
    const number = (menu.id.match(/^aa-take-(\d+)$/) || [])[1];
    return [...document.querySelectorAll(number ? `#aa-data-${number}` : ".aa-data")].map(answerIn);
  }

  async function written(menu, to) {
    const reply = await fetch(new URL("api/v1/export", document.baseURI), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ answers: answersFor(menu), to }),
    });
    if (reply.ok) return reply;
    const { detail } = await reply.json().catch(() => ({}));
    throw new Error(typeof detail === "string" ? detail : "The answers could not be written.");
  }

  // Promised to the clipboard at once, for some browsers lend it only during the click itself.
  async function copy(menu) {
    const text = written(menu, "markdown").then((reply) => reply.text());
    const blob = text.then((plain) => new Blob([plain], { type: "text/plain" }));
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    return "Copied.";
  }

  async function save(menu, to) {
    const reply = await written(menu, to);
    const link = document.createElement("a");
    const [, name] = reply.headers.get("content-disposition").match(/filename="([^"]+)"/);
    link.href = URL.createObjectURL(await reply.blob());
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), RESULT_SHOWN);
    return `Saved as ${name}.`;
  }

  async function take(button) {
    const menu = button.closest(".aa-take");
    const said = menu.querySelector(".aa-taken");
    const isCopy = button.classList.contains("aa-to-clipboard");
    try {
      said.textContent = await (isCopy ? copy(menu) : save(menu, button.name));
    } catch (error) {
      said.textContent = error.message;
    }
    setTimeout(() => (said.textContent = ""), RESULT_SHOWN);
  }

  const every = () => document.getElementById("aa-take-every");

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".aa-export");
    if (button) take(button);
    else if (every() && !every().contains(event.target)) every().open = false;
  });

  document.addEventListener("keydown", (event) => {
    if (!aa.isEscape(event) || !every() || !every().open) return;
    event.preventDefault();
    every().open = false;
    every().querySelector("summary").focus();
  });

  function offer() {
    const all = document.getElementById("aa-take-all");
    const none = !document.querySelector(".aa-data");
    if (!all || all.hidden === none) return;
    all.hidden = none;
    every().open = false;
  }
  new MutationObserver(offer).observe(document, { childList: true, subtree: true });
})();
