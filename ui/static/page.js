// What the scripts of the chat share. Each listens on the document in the order in which it is
// loaded; whoever handles Escape prevents its default, so that one press closes one thing.
window.aa = Object.assign(window.aa || {}, {
  chat: () => document.getElementById("aa-chat"),
  box: () => document.querySelector("#aa-box textarea"),

  // What a chip or the title of a paper leads to, by the end of its address.
  targetOf(link) {
    const id = (link.getAttribute("href") || "").split("#").pop();
    return id ? document.getElementById(id) : null;
  },

  isEscape: (event) =>
    event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open]"),

  // An element with these properties and children; texts are texts, never markup.
  made(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  },

  // Puts a text into the box as if it had been typed.
  type(text) {
    const box = aa.box();
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, text);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  },

  // Tells whoever hears the page.
  say(text) {
    document.getElementById("aa-said").textContent = text;
  },

  // Calls `update` when the page changes, but for what only lies over it: class aa-over.
  onChange(update) {
    const over = (node) => !!(node.closest ? node : node.parentElement)?.closest(".aa-over");
    const counts = ({ target, addedNodes, removedNodes }) =>
      !over(target) && [...addedNodes, ...removedNodes].some((node) => !over(node));
    new MutationObserver((records) => { if (records.some(counts)) update(); })
      .observe(document, { childList: true, subtree: true });
  },
});
