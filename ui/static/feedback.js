// What somebody thinks of an answer, or of one source of it. The server keeps it; the browser keeps
// which buttons were pressed.
aa.feedback = (() => {
  const MOST = 500; // opinions remembered here
  const KEY = `aa-feedback-1:${new URL(".", document.baseURI).pathname}`;
  const SHOWN = 4000; // milliseconds
  let held = null;

  function all() {
    try {
      held = held || JSON.parse(localStorage.getItem(KEY) || "{}");
    } catch {
      held = {};
    }
    return held;
  }

  function remember(key, verdict) {
    const { [key]: _, ...others } = all();
    held = Object.fromEntries(Object.entries({ ...others, ...(verdict && { [key]: verdict }) }).slice(-MOST));
    try {
      localStorage.setItem(KEY, JSON.stringify(held));
    } catch { /* then it lasts as long as the page */ }
  }

  // An answer, and the number of a citation or 0, that a button is about.
  function aboutOf(button) {
    const turns = aa.talk.turns();
    const card = button.closest(".aa-source");
    const [, number, citation] = card ? card.id.match(/^aa-source-(\d+)-(\d+)$/) : [null, null, 0];
    const place = card ? turns.findIndex((turn) => turn.number === Number(number))
      : [...document.querySelectorAll("#aa-chat .bot-row")].indexOf(button.closest(".bot-row"));
    const turn = turns[place];
    if (!turn || !turn.then) return null;
    // Of the same quotes it is the same answer, also from other papers.
    const key = [turn.question, turn.then.quotes, citation].join(" ");
    return { turns, place, turn, citation: Number(citation), key };
  }

  const asked = ({ question, limits, standalone }) =>
    ({ question, filters: aa.filters.asFilters(limits), standalone });

  async function send({ turns, place, turn, citation }, opinion) {
    const earlier = turns.slice(0, place).filter((one) => one.then);
    const reply = await fetch(new URL("api/v1/feedback", document.baseURI), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        ...asked(turn), history: earlier.map(asked), citation, snapshot: turn.then.snapshot, ...opinion,
      }),
    });
    if (reply.ok) return;
    const { detail } = await reply.json().catch(() => ({}));
    throw new Error(typeof detail === "string" ? detail : "It could not be kept.");
  }

  function say(button, text) {
    const line = button.parentElement.querySelector(".aa-done");
    line.textContent = text;
    setTimeout(() => (line.textContent = ""), SHOWN);
  }

  async function press(button) {
    const about = aboutOf(button);
    if (!about) return;
    const meant = button.classList.contains("aa-good") ? "good" : "bad";
    const verdict = all()[about.key] === meant ? null : meant;
    try {
      await send(about, { verdict });
      remember(about.key, verdict);
      show();
      say(button, verdict ? "Kept." : "Taken back.");
      if (verdict === "bad") ask(about, button);
    } catch (error) {
      say(button, error.message);
    }
  }

  // -- why an answer is bad, if somebody wants to say ------------------------------------------

  const REASONS = [
    ["wrong", "It does not answer the question"],
    ["incomplete", "Something that matters is missing"],
    ["unanswerable", "The abstracts do not answer this"],
  ];

  function dialog() {
    const there = document.getElementById("aa-why-bad");
    if (there) return there;
    const form = aa.made("form", { method: "dialog" });
    const reasons = aa.made("fieldset", {}, aa.made("legend", { textContent: "What is wrong?" }),
      ...REASONS.map(([value, label]) => aa.made("label", {},
        aa.made("input", { type: "radio", name: "reason", value }), label)));
    const comment = aa.made("textarea", { name: "comment", maxLength: 2000, rows: 3 });
    form.append(reasons, aa.made("label", { className: "aa-comment" }, "Comment (optional)", comment),
      aa.made("p", { textContent: "Kept by this server with the question and its quotes." }),
      aa.made("div", {}, aa.made("button", { value: "skip", textContent: "Skip" }),
        aa.made("button", { value: "send", textContent: "Send" })));
    const made = aa.made("dialog", { id: "aa-why-bad" }, form);
    made.setAttribute("aria-label", "What is wrong with this answer?");
    document.body.append(made);
    return made;
  }

  function ask(about, button) {
    const asking = dialog();
    const form = asking.querySelector("form");
    form.reset();
    // Of one source there is nothing to say but a comment.
    form.querySelector("fieldset").hidden = about.citation > 0;
    form.querySelector(".aa-comment").firstChild.textContent =
      about.citation ? "What is wrong with this source? (optional)" : "Comment (optional)";
    asking.returnValue = "skip";
    asking.onclose = async () => {
      const given = new FormData(form);
      if (asking.returnValue !== "send") return;
      try {
        await send(about, {
          verdict: "bad", reason: given.get("reason"), comment: given.get("comment").trim(),
        });
        say(button, "Thank you.");
      } catch (error) {
        say(button, error.message);
      }
    };
    asking.showModal();
  }

  // -- the buttons -----------------------------------------------------------------------------

  function pair() {
    const button = (className, name) => {
      const one = aa.made("button", { type: "button", className: `aa-verdict ${className}`, title: name });
      one.append(aa.made("span", { className: "aa-unseen", textContent: name }));
      return one;
    };
    const line = aa.made("span", { className: "aa-done" });
    line.setAttribute("role", "status");
    return aa.made("p", { className: "aa-judged" }, "Does it support the answer?",
      button("aa-good", "Supports it"), button("aa-bad", "Does not support it"), line);
  }

  // A browser that keeps no cookie, as in a frame of another site, is not known again, and could
  // take nothing back: unless by its login.
  function isKnownAgain() {
    if (document.querySelector("meta[name=aa-login]")) return true;
    try {
      document.cookie = "aa-kept=1; SameSite=Lax";
      const is = document.cookie.includes("aa-kept=1");
      document.cookie = "aa-kept=; Max-Age=0; SameSite=Lax";
      return is;
    } catch {
      return false;
    }
  }
  document.documentElement.classList.toggle("aa-unknown", !isKnownAgain());

  // Below each source that is cited, where answers can be judged at all; and which are pressed.
  function show() {
    if (document.querySelector("#aa-chat .aa-verdict")) {
      for (const card of document.querySelectorAll("#aa-sources .aa-source:has(.aa-number) details"))
        if (!card.querySelector(".aa-judged")) card.append(pair());
    }
    for (const button of document.querySelectorAll(".aa-verdict")) {
      const about = aboutOf(button);
      const on = String(!!about && button.classList.contains(`aa-${all()[about.key]}`));
      if (button.getAttribute("aria-pressed") !== on) button.setAttribute("aria-pressed", on);
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".aa-verdict");
    if (button) press(button);
  });
  document.addEventListener("aa-shown", show);
  // Gradio makes the elements of a message anew as it likes.
  new MutationObserver((records) => {
    if (records.some((record) => [...record.addedNodes].some((node) =>
      node.querySelector && node.querySelector(".aa-verdict")))) show();
  }).observe(document, { childList: true, subtree: true });
})();
