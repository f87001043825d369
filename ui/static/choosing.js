// Choosing filters: dates, or the papers' own values with how many papers hold each.
aa.choosing = (() => {
  const WAIT = 150; // milliseconds after a key before the values are asked for
  let kind = "date";
  let asked = 0; // so that a late reply is passed over

  const dialog = () => document.querySelector("dialog.aa-choices");
  const part = (selector) => dialog().querySelector(selector);
  const isDate = () => kind === "date";
  const same = (one, other) => one.toLowerCase() === other.toLowerCase();

  // The values of one sort and how many papers hold each, of those that pass the other limits.
  async function values(of, limits, like) {
    const pairs = Object.entries(aa.filters.asFilters(limits)).flatMap(([name, held]) =>
      [].concat(held).map((value) => [name, value]));
    const query = new URLSearchParams([["of", of], ["like", like], ...pairs]);
    const reply = await fetch(new URL(`api/v1/facets?${query}`, document.baseURI));
    const got = await reply.json().catch(() => ({}));
    if (reply.ok) return got;
    const reasons = (got.errors || []).map((one) => one.msg);
    throw new Error(reasons.join("; ") || got.detail || "The values could not be read.");
  }

  function isOn(value) {
    const given = aa.filters.given();
    if (isDate()) return given.from === value && given.to === value;
    return (given[kind] || []).some((one) => same(one, value));
  }

  function press(value) {
    const was = isOn(value);
    const held = (aa.filters.given()[kind] || []).filter((one) => !same(one, value));
    const left = aa.filters.without(aa.filters.given(), kind);
    if (isDate() && !was) Object.assign(left, { from: value, to: value });
    if (!isDate() && !was) held.push(value);
    if (held.length) left[kind] = held;
    aa.filters.set(left);
    mark();
    fill();
  }

  function choice({ value, papers }) {
    const button = aa.made("button", { type: "button", className: "aa-value", value },
      aa.made("span", { textContent: value }),
      aa.made("small", { textContent: papers.toLocaleString("en") }));
    button.addEventListener("click", () => press(value));
    return aa.made("li", {}, button);
  }

  // Which values are chosen already.
  function mark() {
    dialog().querySelectorAll(".aa-value").forEach((button) =>
      button.setAttribute("aria-pressed", isOn(button.value)));
  }

  // The dates that are chosen already. Not when values arrive: somebody may be typing by then.
  function fill() {
    const given = aa.filters.given();
    dialog().querySelectorAll(".aa-range input").forEach((input) =>
      (input.value = given[input.name] || ""));
  }

  async function list(like) {
    const mine = (asked += 1);
    const others = aa.filters.without(aa.filters.given(), kind);
    try {
      const found = await values(isDate() ? "published" : aa.filters.REST[kind], others, like);
      if (mine !== asked) return;
      part(".aa-values").replaceChildren(...found.values.map(choice));
      note(rest(found, like));
      mark();
    } catch (error) {
      if (mine === asked) note(error.message);
    }
  }

  function rest({ values: shown, distinct }, like) {
    const more = distinct - shown.length;
    if (more > 0) return `And ${more.toLocaleString("en")} more: type to find them.`;
    if (distinct) return "";
    return like ? `None has “${like}” in it.` : `None of these papers has ${kind === "author" ? "an" : "a"} ${kind}.`;
  }

  const note = (text) => (part(".aa-values-note").textContent = text);

  async function range(form) {
    const next = aa.filters.without(aa.filters.given(), "date");
    for (const input of form.querySelectorAll("input")) {
      if (input.value.trim()) next[input.name] = input.value.trim();
    }
    try {
      // The server says whether these are dates.
      await values("sources", next, "");
      aa.filters.set(next);
      dialog().close();
    } catch (error) {
      form.querySelector(".aa-range-note").textContent = error.message;
    }
  }

  function field(name, label) {
    const input = aa.made("input", { name, placeholder: "2024-03", maxLength: 10 });
    return aa.made("label", {}, aa.made("span", { textContent: label }), input);
  }

  function rangeForm() {
    const said = aa.made("p", { className: "aa-range-note" });
    said.setAttribute("role", "alert");
    const form = aa.made("form", { className: "aa-range" }, field("from", "From"),
      field("to", "To"), aa.made("button", { textContent: "Apply" }), said);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      range(form);
    });
    return form;
  }

  function search() {
    const input = aa.made("input", {
      type: "search", className: "aa-narrow", placeholder: "Type to narrow", maxLength: 200,
    });
    input.setAttribute("aria-label", "Narrow the list");
    let waiting = 0;
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => list(input.value.trim()), WAIT);
    });
    return input;
  }

  function choose(next) {
    kind = next;
    dialog().querySelectorAll(".aa-kind").forEach((button) =>
      button.setAttribute("aria-pressed", button.value === kind));
    const said = aa.made("p", { className: "aa-values-note" });
    said.setAttribute("role", "status");
    part(".aa-choosing").replaceChildren(
      isDate() ? rangeForm() : search(), aa.made("ul", { className: "aa-values" }), said);
    fill();
    list("");
    if (matchMedia("(hover: hover)").matches) part(".aa-choosing input").focus();
  }

  // Above the button that opens it.
  function place() {
    const at = document.querySelector(".aa-add-filter").getBoundingClientRect();
    dialog().style.setProperty("--aa-left", `${at.left}px`);
    dialog().style.setProperty("--aa-bottom", `${innerHeight - at.top + 8}px`);
  }

  function open() {
    place();
    dialog().showModal();
    choose(kind);
  }

  addEventListener("resize", () => { if (dialog()?.open) place(); });

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on(".aa-add-filter")) open();
    else if (on(".aa-kind")) choose(on(".aa-kind").value);
    else if (on(".aa-close-choices") || event.target === dialog()) dialog().close();
  });
})();
