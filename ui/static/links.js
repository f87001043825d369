// Addresses that hold questions: `?q=...&venue=...&snapshot=...`. Each `q` begins a question, what
// follows it belongs to it, and limits before the first narrow every one. So a follow-up's link
// carries the questions that it leans on, and asks exactly what was asked.
aa.links = (() => {
  const LONGEST = 7000; // characters of an address that servers and mail programs still take
  const ONE = ["from", "to"];
  const MANY = ["venue", "category", "source", "author", "paper"];
  const SEAL = ["snapshot", "version", "quotes"];
  const DIGITS = 12; // of a snapshot

  function add(limits, name, value) {
    if (ONE.includes(name)) limits[name] = value;
    else limits[name] = [...(limits[name] || []), value];
  }

  // What an address says: the limits beside the box, and questions to ask.
  function read(search) {
    const bar = {};
    const turns = [];
    for (const [name, value] of new URLSearchParams(search)) {
      const turn = turns[turns.length - 1];
      if (name === "q") turns.push({ question: value, limits: { ...bar }, standalone: false, tell: true });
      else if ([...ONE, ...MANY].includes(name)) add(turn ? turn.limits : bar, name, value);
      else if (name === "alone" && turn) turn.standalone = value === "1";
      else if (SEAL.includes(name) && turn) turn.then = { snapshot: "", ...turn.then, [name]: value };
    }
    // A question without the seal of an answer is simply asked.
    for (const turn of turns) if (!turn.then) turn.tell = false;
    return { bar, turns: turns.slice(-aa.kept.MOST_TURNS) };
  }

  function said(limits) {
    const pairs = [];
    for (const name of [...ONE, ...MANY])
      for (const value of [].concat(limits[name] || [])) pairs.push([name, value]);
    return pairs;
  }

  // The address that asks these questions; null where it would be too long.
  function to(turns) {
    const pairs = turns.flatMap((turn, place) => [
      ["q", turn.question],
      ...said(turn.limits || {}),
      ...(turn.standalone ? [["alone", "1"]] : []),
      ...(place === turns.length - 1 && turn.then ? sealed(turn.then) : []),
    ]);
    const address = new URL(`./?${new URLSearchParams(pairs)}`, document.baseURI).href;
    return address.length > LONGEST ? null : address;
  }

  const sealed = (then) => [
    ["snapshot", then.snapshot.slice(0, DIGITS)], ["version", then.version], ["quotes", then.quotes],
  ];

  // The page's own address, with the limits beside the box and whatever is not ours.
  function here(limits) {
    const ours = [...ONE, ...MANY, ...SEAL, "q", "alone"];
    const others = [...new URLSearchParams(location.search)].filter(([name]) => !ours.includes(name));
    const query = new URLSearchParams([...others, ...said(limits)]).toString();
    return `${location.pathname}${query ? `?${query}` : ""}`;
  }

  return { read, to, here, ONE, MANY };
})();
