// A button on any page that opens the chat:
//   <script src="https://papers.example.org/embed.js" data-label="Ask the papers" defer></script>
// `data-theme`, `data-question` and the filters (`data-venue="ACL"`, ...) go to the chat's address.
(() => {
  const script = document.currentScript;
  const chat = new URL(".", script.src);
  const { label = "Ask the papers", side = "right", ...options } = script.dataset;
  const address = new URL(chat);
  for (const [name, value] of Object.entries({ embed: "1", ...options })) {
    address.searchParams.set(name, value);
  }

  // In a shadow, and with styles made by script: the page's own styles and policy leave it alone.
  const host = document.createElement("div");
  const shadow = host.attachShadow({ mode: "open" });
  const styles = new CSSStyleSheet();
  styles.replaceSync(`
    :host { all: initial; }
    button { font: 600 16px/1.5 system-ui, sans-serif; cursor: pointer; }
    button:focus-visible { outline: 3px solid #14635b; outline-offset: 3px; }
    .open {
      position: fixed; bottom: 20px; ${side === "left" ? "left" : "right"}: 20px; z-index: 2147483000;
      min-height: 48px; padding: 10px 22px; border: 1px solid #ffffff66; border-radius: 999px;
      background: #14635b; color: #fff; box-shadow: 0 2px 10px #0004;
    }
    dialog {
      position: fixed; inset: auto; bottom: 20px; ${side === "left" ? "left" : "right"}: 20px;
      box-sizing: border-box; width: min(440px, calc(100vw - 24px));
      height: min(var(--height, 480px), calc(100vh - 40px)); max-width: none; max-height: none;
      margin: 0; padding: 0; border: 1px solid #8d887d; border-radius: 14px; overflow: hidden;
      background: #fbfaf7; box-shadow: 0 8px 40px #0005;
    }
    dialog.dark { background: #151719; color: #e9e6df; }
    dialog[open] { display: flex; flex-direction: column; }
    dialog::backdrop { background: #0003; }
    header { display: flex; align-items: center; justify-content: space-between; padding-left: 16px; }
    h2 { margin: 0; font: 600 16px/1.5 system-ui, sans-serif; }
    .close {
      width: 44px; height: 44px; border: 0; border-radius: 14px; background: none; color: inherit;
      font-size: 24px; line-height: 1;
    }
    .close:focus-visible { outline-offset: -5px; }
    iframe { flex: 1; width: 100%; min-height: 0; border: 0; }
    @media (max-width: 520px) {
      dialog { inset: 0; width: 100%; height: 100%; border: 0; border-radius: 0; }
    }
  `);
  shadow.adoptedStyleSheets = [styles];

  const add = (parent, name, properties) =>
    parent.appendChild(Object.assign(document.createElement(name), properties));
  const open = add(shadow, "button", { className: "open", type: "button", textContent: label });
  open.setAttribute("aria-haspopup", "dialog");
  open.setAttribute("aria-expanded", "false");
  const dialog = add(shadow, "dialog", {});
  dialog.setAttribute("aria-labelledby", "title");
  const dark = options.theme === "dark"
    || (options.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  dialog.classList.toggle("dark", dark);
  const bar = add(dialog, "header", {});
  add(bar, "h2", { id: "title", textContent: label });
  const close = add(bar, "button", { className: "close", type: "button", textContent: "×" });
  close.setAttribute("aria-label", "Close");
  let frame = null;

  open.addEventListener("click", () => {
    // Fetched when it is first wanted, and kept, so that the conversation is still there later.
    frame ??= add(dialog, "iframe", {
      src: address.href, title: label, allow: `clipboard-write ${chat.origin}`,
    });
    dialog.showModal();
    open.setAttribute("aria-expanded", "true");
    frame.focus();
  });
  close.addEventListener("click", () => dialog.close());
  // A click beside the dialog falls on the dialog itself.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    open.setAttribute("aria-expanded", "false");
    open.focus();
  });
  addEventListener("message", ({ origin, source, data }) => {
    if (!frame || source !== frame.contentWindow || origin !== chat.origin) return;
    if (data?.type === "abstract-assistant:close") dialog.close();
    if (data?.type === "abstract-assistant:height") {
      dialog.style.setProperty("--height", `${Math.max(data.height + 46, 320)}px`);
    }
  });
  document.body.append(host);
})();
