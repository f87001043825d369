// The conversations that this browser keeps, in a drawer from the left: open, rename, delete.
aa.drawer = (() => {
  const UNITS = [["year", 31536e6], ["month", 2592e6], ["day", 864e5], ["hour", 36e5], ["minute", 6e4]];
  const ago = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  let renaming = null;
  let undo = null; // what brings the conversation deleted last back, and its name

  function when(time) {
    const passed = time - Date.now();
    const [unit, size] = UNITS.find(([, one]) => -passed >= one) || [];
    return unit ? ago.format(Math.round(passed / size), unit) : "just now";
  }

  const button = (className, name, act) => {
    const one = aa.made("button", { type: "button", className, title: name });
    one.setAttribute("aria-label", name);
    one.addEventListener("click", act);
    return one;
  };

  function row(one) {
    const name = aa.kept.nameOf(one);
    const count = one.turns.length === 1 ? "1 question" : `${one.turns.length} questions`;
    const opener = aa.made("button", { type: "button", className: "aa-conversation" },
      aa.made("span", { textContent: name }), aa.made("small", { textContent: `${count}, ${when(one.at)}` }));
    opener.addEventListener("click", () => {
      aa.talk.open(one.id);
      close();
    });
    const item = aa.made("li", {}, ...(renaming === one.id ? [field(one)] : [
      opener,
      button("aa-rename", `Rename “${name}”`, () => rename(one.id)),
      button("aa-delete", `Delete “${name}”`, () => remove(one.id, name)),
    ]));
    if (one.id === aa.talk.conversation()) opener.setAttribute("aria-current", "true");
    return item;
  }

  function field(one) {
    const input = aa.made("input", { value: aa.kept.nameOf(one), maxLength: 120 });
    input.setAttribute("aria-label", "Name of the conversation");
    const end = (isKept) => {
      if (renaming !== one.id) return;
      renaming = null;
      if (isKept) aa.kept.rename(one.id, input.value);
      show();
    };
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      end(event.key === "Enter");
      const again = [...dialog().querySelectorAll(".aa-conversation")].find((opener) =>
        opener.firstChild.textContent === aa.kept.nameOf(aa.kept.find(one.id)));
      if (again) again.focus();
    });
    input.addEventListener("blur", () => end(true));
    return input;
  }

  function rename(id) {
    renaming = id;
    show();
    const input = dialog().querySelector("li input");
    input.focus();
    input.select();
    // A long name is seen from its beginning.
    input.scrollLeft = 0;
  }

  function remove(id, name) {
    undo = { name, back: aa.kept.remove(id) };
    if (id === aa.talk.conversation()) aa.talk.beginNew();
    show();
    dialog().querySelector(".aa-undo").focus();
  }

  function list() {
    const all = aa.kept.all();
    dialog().querySelector("ul").replaceChildren(...all.map(row));
    dialog().querySelector(".aa-no-conversations").hidden = all.length > 0;
    dialog().querySelector(".aa-kept-where").textContent = aa.kept.fleeting()
      ? "This browser keeps nothing for this page: they end with it."
      : "Kept in this browser only.";
  }

  function show() {
    list();
    const foot = dialog().querySelector(".aa-deleted");
    foot.replaceChildren();
    if (!undo) return;
    const back = aa.made("button", { type: "button", className: "aa-undo", textContent: "Undo" });
    back.addEventListener("click", () => {
      undo.back();
      undo = null;
      show();
      dialog().querySelector(".aa-new-conversation").focus();
    });
    foot.append(aa.made("span", { textContent: `Deleted “${undo.name}”.` }), back);
  }

  function dialog() {
    const there = document.getElementById("aa-drawer");
    if (there) return there;
    const fresh = aa.made("button", { type: "button", className: "aa-new-conversation", textContent: "New chat" });
    fresh.addEventListener("click", () => {
      close();
      aa.talk.beginNew();
    });
    const deleted = aa.made("p", { className: "aa-deleted" });
    deleted.setAttribute("role", "status");
    const drawer = aa.made("dialog", { id: "aa-drawer" },
      aa.made("header", {}, aa.made("h2", { textContent: "Conversations" }), button("aa-close-drawer", "Close", close)),
      fresh,
      aa.made("p", { className: "aa-no-conversations", textContent: "What you ask is listed here." }),
      aa.made("ul"), deleted, aa.made("p", { className: "aa-kept-where" }));
    drawer.setAttribute("aria-label", "Conversations");
    drawer.addEventListener("click", (event) => event.target === drawer && close());
    drawer.addEventListener("close", () => (undo = renaming = null));
    document.body.append(drawer);
    return drawer;
  }

  function open() {
    dialog().showModal();
    show();
  }
  const close = () => dialog().close();

  // From the pages of the papers, which lead here.
  function openAsAddressed() {
    if (location.hash !== "#conversations") return;
    history.replaceState(null, "", location.pathname + location.search);
    open();
  }
  if (document.readyState === "complete") openAsAddressed();
  else addEventListener("load", openAsAddressed);

  document.addEventListener("click", (event) => {
    if (event.target.closest && event.target.closest("#aa-open-drawer")) open();
  });
  // What can be undone stays, and with it the focus.
  const refresh = () => dialog().open && renaming === null && list();
  document.addEventListener("aa-shown", refresh);
  // Another tab has changed them.
  addEventListener("storage", (event) => aa.kept.isMine(event) && refresh());

  return { open };
})();
