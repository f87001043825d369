// Conversations as this browser keeps them: their questions and names, nothing of the answers,
// which the server gives again. Where the browser keeps nothing, they last as long as the page.
aa.kept = (() => {
  const MOST = 100; // conversations; the one unused for longest goes first
  const MOST_TURNS = 50; // questions of one, as in ui/conversations/asked.py
  const LONGEST_NAME = 120;
  // One server may have several chats, each under an address of its own.
  const place = new URL(".", document.baseURI).pathname;
  const KEY = `aa-conversations-1:${place}`;
  const OPEN = `aa-open-1:${place}`;
  let inMemory = null; // where the browser keeps nothing: the list
  let opened = null;

  const isText = (value) => typeof value === "string";
  const isWhole = (one) => one && isText(one.id) && isText(one.name) && Array.isArray(one.turns)
    && one.turns.every((turn) => turn && isText(turn.question));

  function all() {
    if (inMemory) return inMemory;
    try {
      const held = JSON.parse(localStorage.getItem(KEY) || "[]");
      return Array.isArray(held) ? held.filter(isWhole) : [];
    } catch (error) {
      if (!(error instanceof SyntaxError)) inMemory = [];
      return [];
    }
  }

  function write(list) {
    let fitting = list.slice(0, MOST);
    while (!inMemory) {
      try {
        localStorage.setItem(KEY, JSON.stringify(fitting));
        return;
      } catch (error) {
        // Full: the oldest make room, as long as there are any.
        if (error.name === "QuotaExceededError" && fitting.length > 1) {
          fitting = fitting.slice(0, Math.floor(fitting.length / 2));
        } else {
          inMemory = fitting;
        }
      }
    }
    inMemory = fitting;
  }

  const find = (id) => all().find((one) => one.id === id) || null;
  const change = (id, changed) =>
    write(all().map((one) => (one.id === id ? { ...one, ...changed } : one)));

  const questions = (turns) => turns.map(({ question, limits, standalone }) =>
    JSON.stringify([question, limits || {}, !!standalone]));
  const begins = (some, others) => some.every((one, at) => one === others[at]);

  let saved = []; // the questions that this page saved last

  // Whether another tab has asked in the conversation what would be lost here.
  function isAnothers(before, turns) {
    const held = questions(before.turns);
    return !begins(held, questions(turns)) && `${held}` !== `${saved}`;
  }

  // With a change of its questions a conversation comes first. Gives its id: a new one where
  // another tab has gone on with it.
  function save(given, turns) {
    const before = find(given);
    if (!turns.length && !before) return given;
    const id = before && isAnothers(before, turns) ? newId() : given;
    const now = {
      id, name: before ? before.name : "", at: Date.now(), turns: turns.slice(-MOST_TURNS),
    };
    saved = questions(now.turns);
    if (id !== given || !before || JSON.stringify(before.turns) !== JSON.stringify(now.turns))
      write([now, ...all().filter((one) => one.id !== id)]);
    return id;
  }

  function remove(id) {
    const list = all();
    const at = list.findIndex((one) => one.id === id);
    write(list.filter((one) => one.id !== id));
    // What brings it back to where it was.
    return () => {
      const present = all().filter((one) => one.id !== id);
      write([...present.slice(0, at), list[at], ...present.slice(at)]);
    };
  }

  // Which conversation this tab has open; another tab has its own.
  function open(id) {
    opened = id;
    try {
      sessionStorage.setItem(OPEN, id);
    } catch { /* then it lasts as long as the page */ }
  }
  function openId() {
    try {
      return opened || sessionStorage.getItem(OPEN);
    } catch {
      return opened;
    }
  }

  const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(9)),
    (byte) => byte.toString(16).padStart(2, "0")).join("");

  return {
    all, find, save, remove, open, openId, newId, MOST_TURNS,
    rename: (id, name) => change(id, { name: name.trim().slice(0, LONGEST_NAME) }),
    nameOf: (one) => one.name || (one.turns.length ? one.turns[0].question : "No questions"),
    isMine: (event) => event.key === KEY,
    // Whether it ends with the page. (Reading tells.)
    fleeting: () => (all(), inMemory !== null),
  };
})();
