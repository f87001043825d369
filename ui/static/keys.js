// Keys that work wherever no field has the focus: sources by number, from quote to quote, the box.
// They can be switched off, for whoever speaks to the machine types keys without meaning to.
(() => {
  const SWITCH = "aa-keys-off";
  const KEYS = [
    ["/", "go to the question box"],
    ["↑", "in the empty box: bring back the last question"],
    ["1 – 9", "open that source of the answer"],
    ["j  k", "to the next quote, to the one before"],
    ["Esc", "close what is open"],
    ["?", "this list"],
  ];

  const isOff = () => localStorage.getItem(SWITCH) === "yes";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // -- the list of them

  function dialog() {
    const rows = KEYS.map(([key, means]) => aa.made("tr", {},
      aa.made("th", { scope: "row" }, ...key.split("  ").map((one) => aa.made("kbd", {}, one))),
      aa.made("td", {}, means)));
    const use = aa.made("input", { type: "checkbox", id: "aa-keys-use", checked: !isOff() });
    use.addEventListener("change", () => localStorage.setItem(SWITCH, use.checked ? "no" : "yes"));
    const close = aa.made("button", { type: "button", className: "aa-dialog-close" }, "×");
    close.setAttribute("aria-label", "Close");
    close.addEventListener("click", () => made.close());
    const made = aa.made("dialog", { id: "aa-keys", className: "aa-dialog aa-over" },
      aa.made("h2", { id: "aa-keys-title" }, "Keys"), close,
      aa.made("table", {}, aa.made("tbody", {}, ...rows)),
      aa.made("label", { htmlFor: "aa-keys-use" }, use, " Use single keys"));
    made.setAttribute("aria-labelledby", "aa-keys-title");
    made.addEventListener("close", () => made.remove());
    made.addEventListener("click", (event) => { if (event.target === made) made.close(); });
    return made;
  }

  function showKeys() {
    const made = dialog();
    (document.querySelector(".gradio-container") || document.body).append(made);
    made.showModal();
  }

  // -- what they do

  const leads = () => all("#aa-chat :is(.aa-chip, .aa-look)");

  // The one with the focus, or the one whose source is open.
  function current(links) {
    const focused = links.indexOf(document.activeElement);
    return focused >= 0 ? focused : links.findIndex((one) => one.matches(".aa-active"));
  }

  function step(by) {
    const links = leads();
    const at = current(links);
    const newest = all("#aa-chat .bot-row").pop();
    const first = links.findIndex((one) => newest.contains(one));
    const next = at < 0 ? (by > 0 ? first : links.length - 1) : at + by;
    if (!links[next]) return;
    if (document.querySelector("#aa-source-column.aa-open")) links[next].click();
    else links[next].focus({ preventScroll: true });
    (links[next].closest(".aa-quote") || links[next]).scrollIntoView({ block: "nearest" });
  }

  function openNumber(number) {
    const links = leads();
    const at = current(links);
    const rows = all("#aa-chat .bot-row");
    const row = document.activeElement.closest?.("#aa-chat .bot-row")
      || (at >= 0 && links[at].closest(".bot-row")) || rows[rows.length - 1];
    const own = row ? all(".aa-chip", row) : [];
    const chip = own.find((one) => one.lastChild.textContent === String(number));
    (chip || all(".aa-look", row || document)[number - 1])?.click();
  }

  function toBox() {
    aa.closeSource();
    aa.box().focus();
  }

  function recall() {
    const last = all("#aa-chat .aa-question").pop();
    if (!last) return false;
    aa.type(last.textContent);
    return true;
  }

  function press(key) {
    if (key === "?") showKeys();
    else if (key === "/") toBox();
    else if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
    else if (/^[1-9]$/.test(key)) openNumber(Number(key));
    else return false;
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const field = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (field) {
      const empty = field === aa.box() && !field.value;
      if (event.key === "ArrowUp" && empty && recall()) event.preventDefault();
    } else if (!isOff() && !document.querySelector("dialog[open]") && press(event.key)) {
      event.preventDefault();
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("#aa-show-keys")) showKeys();
  });
})();
