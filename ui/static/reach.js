// Whether the server can be reached. Where it cannot, the page says so, keeps what was typed, and
// goes on by itself once it can: it is loaded anew, as Gradio would do it a moment later, and orders
// what it showed, also of a server that was started again (see static/talk.js).
(() => {
  const EVERY = 20_000, WHILE_DOWN = 2_000, AFTER_ASKING = 1_000, PATIENCE = 5_000; // milliseconds
  let down = false;
  let timer = 0;

  async function look() {
    clearTimeout(timer);
    try {
      const signal = AbortSignal.timeout(PATIENCE);
      await fetch(new URL("health", document.baseURI), { cache: "no-store", signal });
      if (down) location.reload();
    } catch {
      if (!down) lose();
    }
    timer = setTimeout(look, down ? WHILE_DOWN : EVERY);
  }

  function banner() {
    const made = aa.made("p", { id: "aa-offline", className: "aa-over" });
    made.setAttribute("role", "status");
    document.body.append(made);
    return made;
  }

  function lose() {
    down = true;
    document.documentElement.classList.add("aa-down");
    (document.getElementById("aa-offline") || banner()).textContent =
      "The server cannot be reached. What you typed is kept; this page goes on as soon as it can.";
    // The question whose answer never comes is in the box again.
    if (aa.talk.isBusy()) aa.talk.fail();
  }

  // What is in the box when the page goes is there when it is back.
  const DRAFT = `aa-draft:${new URL(".", document.baseURI).pathname}`;
  let restored = false;
  function restore() {
    if (restored || !aa.box()) return;
    restored = true;
    try {
      const draft = sessionStorage.getItem(DRAFT);
      if (draft && !aa.box().value) aa.type(draft);
    } catch { /* this browser keeps nothing */ }
  }
  function keep() {
    try {
      sessionStorage.setItem(DRAFT, aa.box()?.value || "");
    } catch { /* as above */ }
  }

  // Nothing is sent while it would be lost; the server is looked for at once instead.
  function hold(event) {
    if (down) {
      event.preventDefault();
      event.stopImmediatePropagation();
      look();
    } else {
      setTimeout(() => { if (aa.talk.isBusy()) look(); }, AFTER_ASKING);
    }
  }

  addEventListener("offline", look);
  addEventListener("online", look);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && event.target === aa.box()) hold(event);
  }, true);
  document.addEventListener("click", (event) => {
    if (event.target.closest("#aa-box button, #aa-chat :is(.option, .example)")) hold(event);
  }, true);
  aa.onChange(restore);
  addEventListener("pagehide", keep);
  // Once the page has made its own requests.
  setTimeout(look, AFTER_ASKING);
})();
