// The filters beside the question box: chips, and the address that says them. They go with each
// question; nothing here decides which papers pass.

aa.filters = (() => {
  // What REST calls them.
  const REST = {
    from: "since", to: "until", venue: "venues", category: "categories", source: "sources",
    author: "authors", paper: "paper_ids",
  };
  const BEFORE = {
    from: "from ", to: "up to ", author: "by ", source: "source ", category: "category ",
  };
  let limits = {};
  let titles = {};

  const within = (selector) => document.querySelector(`#aa-bar ${selector}`);
  const given = () => structuredClone(limits);

  const asFilters = (some) =>
    Object.fromEntries(Object.entries(some || {}).map(([name, held]) => [REST[name], held]));

  // A limit may be called as REST does, and both ends of a span "date".
  function namesOf(name) {
    if (["date", "since", "until"].includes(name)) return ["from", "to"];
    const own = Object.keys(REST).find((one) => REST[one] === name);
    return [own || name];
  }

  // Limits without one of them, or without one of its values.
  function without(some, name, value) {
    const left = structuredClone(some || {});
    for (const own of namesOf(name)) {
      const kept = Array.isArray(left[own]) && value !== undefined
        ? left[own].filter((one) => one !== value) : [];
      if (kept.length) left[own] = kept;
      else delete left[own];
    }
    return left;
  }

  function set(next, known = {}) {
    limits = structuredClone(next || {});
    titles = { ...titles, ...known };
    const address = aa.links.here(limits);
    if (address !== location.pathname + location.search) history.replaceState(null, "", address);
    show();
  }

  const said = (name, value) =>
    name === "paper" ? `only “${titles[value] || value}”` : `${BEFORE[name] || ""}${value}`;

  function chip(name, value) {
    const off = aa.made("button", { type: "button", textContent: "×" });
    off.setAttribute("aria-label", `Remove the filter ${said(name, value)}`);
    off.addEventListener("click", () => {
      set(without(limits, name, value));
      within(".aa-add-filter").focus();
    });
    return aa.made("li", {}, aa.made("span", { textContent: said(name, value) }), off);
  }

  function show() {
    const list = within(".aa-chosen");
    if (!list) return;
    const chips = [...aa.links.ONE, ...aa.links.MANY].flatMap((name) =>
      [].concat(limits[name] || []).map((value) => chip(name, value)));
    list.replaceChildren(...chips);
    list.hidden = !chips.length;
  }

  // One line above the box; the next one takes its place.
  function say(text, action, act) {
    const line = within(".aa-said-here");
    if (!line) return;
    line.replaceChildren(text);
    if (!action) return;
    const button = aa.made("button", { type: "button", textContent: action });
    button.addEventListener("click", act);
    line.append(" ", button);
  }

  return { given, set, say, without, asFilters, REST };
})();
