// The chat in a frame of another page: `?embed=1` leaves out the head of the page, `theme=light` or
// `theme=dark` sets the colours, `question=...` is asked at once, and the page around it is told
// how high the conversation is.
(() => {
  const query = new URLSearchParams(location.search);
  const theme = query.get("theme");
  if (theme === "light" || theme === "dark") {
    // Gradio has looked at its own name for it by now; it looks again where the system changes.
    query.set("__theme", theme);
    document.body.classList.toggle("dark", theme === "dark");
  }
  if (query.has("question")) {
    // At the end, as the filters before a question narrow it: see links.js.
    query.append("q", query.get("question"));
    query.delete("question");
  }
  if (`${query}` !== location.search.slice(1)) history.replaceState(null, "", `?${query}${location.hash}`);
  if (query.get("embed") !== "1") return;
  document.documentElement.classList.add("aa-embed");
  if (parent === window) return;

  // The browser has shown the frame, so what is above it is allowed; where it does not say what
  // that is, it delivers to none but the one that it is.
  const allowed = document.querySelector("meta[name=aa-frame-ancestors]").content.split(" ");
  const above = location.ancestorOrigins ? [location.ancestorOrigins[0]] : allowed.filter(Boolean);
  const tell = (message) => above.forEach((origin) => parent.postMessage(message, origin));

  // What the conversation and the box below it take, without the room kept under the newest answer.
  function height() {
    const column = document.getElementById("aa-chat-column");
    const scroller = document.querySelector("#aa-chat .panel-wrap");
    if (!column || !scroller) return 0;
    const parts = scroller.querySelectorAll(".message-wrap > *, .placeholder, .examples");
    if (!parts.length) return 0;
    const places = [...parts].map((part) => part.getBoundingClientRect());
    const top = Math.min(...places.map((place) => place.top));
    const bottom = Math.max(...places.map((place) => place.bottom));
    return Math.ceil(bottom - top + 48 + column.clientHeight - scroller.clientHeight);
  }

  let told = 0;
  let due = false;
  function report() {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      const now = height();
      if (now && now !== told) tell({ type: "abstract-assistant:height", height: (told = now) });
    });
  }
  new MutationObserver(report).observe(document, { childList: true, subtree: true });
  addEventListener("resize", report);

  // Escape closes a source first, and then whatever holds the frame.
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) tell({ type: "abstract-assistant:close" });
  });

  // The frame keeps to the chat: the pages of papers open beside the page that holds it.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.getAttribute("href").startsWith("#")) return;
    link.target = "_blank";
    link.rel = "noopener";
  });
})();
