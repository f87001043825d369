// The conversation that is open. The page orders the questions that it wants shown, the server
// shows them with their answers and says so in a record: that alone is kept.
aa.talk = (() => {
  let channel = null; // how an order gets to the server
  let loaded = false; // whether the page listens to what comes back
  let ordered = 0;
  let busy = false;
  let conversation = aa.kept.newId();
  let turns = []; // as they are shown
  let wanted = []; // as they were ordered
  let early = ""; // what was asked before the page was ready for it
  let before = { turns, conversation }; // what was shown when the last order was made
  let editing = null; // the place of the question that is being changed
  let barThen = ""; // the filters as they were when the last order was made

  const asked = (question, more) =>
    ({ question, limits: aa.filters.given(), standalone: false, ...more });
  const sent = ({ question, limits, standalone, then, tell }) => ({
    question, limits: limits || {}, standalone: !!standalone, then: then || null, tell: !!tell,
  });

  function order(next, id = conversation) {
    // What is pressed before the page is ready does nothing.
    if (!channel) return;
    if (!busy) before = { turns, conversation };
    wanted = next.slice(-aa.kept.MOST_TURNS);
    conversation = id;
    ordered += 1;
    busy = true;
    stopEditing();
    aa.filters.say("");
    barThen = JSON.stringify(aa.filters.given());
    channel({ number: ordered, conversation, turns: wanted.map(sent), bar: aa.filters.given() });
  }

  // Whether a question is being answered that was not answered before.
  const isThinking = () => busy && wanted.some((turn) => !turn.then);

  // What becomes of the box: it is emptied where its question is asked.
  function ask(typed) {
    // One question waits until the page is ready; a second stays in the box.
    if (isThinking() || early || !typed.trim()) return typed;
    if (!channel || !loaded || busy) {
      early = typed;
      return "";
    }
    order([...(editing === null ? turns : turns.slice(0, editing)), asked(typed)]);
    return "";
  }

  function askEarly() {
    if (busy || !early) return;
    order([...turns, asked(early)]);
    early = "";
  }

  function hear(record) {
    if (!record.number) {
      fail(record.problem);
      return;
    }
    if (record.number !== ordered) return;
    busy = record.more;
    turns = record.turns;
    if (record.problem) aa.filters.say(sentence(`${record.problem}. It is left out`));
    // Those that somebody chose meanwhile are for the next question.
    const given = aa.filters.given();
    aa.filters.set(JSON.stringify(given) === barThen ? record.bar : given, record.titles);
    if (busy) return;
    const whole = turns.filter((turn) => turn.then);
    keep(whole.map(({ number, tell, ...turn }) => turn));
    if (whole.length === 1 && aa.kept.fleeting()) sayFleeting();
    document.dispatchEvent(new CustomEvent("aa-shown"));
    askEarly();
  }

  function keep(whole) {
    const id = aa.kept.save(conversation, whole);
    if (id !== conversation)
      aa.filters.say("Another tab has gone on with this conversation: here it goes on as one of its own.");
    conversation = id;
    aa.kept.open(id);
  }

  let saidFleeting = false;
  function sayFleeting() {
    if (saidFleeting) return;
    saidFleeting = true;
    aa.filters.say("This browser keeps nothing for this page: conversations end with it.");
  }

  const sentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

  function fail(problem) {
    const last = wanted[wanted.length - 1];
    busy = false;
    ({ turns, conversation } = before);
    const back = early || (last && !last.then ? last.question : "");
    if (back && !aa.box()?.value) aa.type(back);
    early = "";
    wanted = turns;
    if (problem) aa.filters.say(sentence(problem));
  }

  function stop() {
    const last = wanted[wanted.length - 1];
    order(before.turns, before.conversation);
    if (last && !last.then) aa.type(last.question);
  }

  function begin() {
    loaded = true;
    if (!channel) return;
    const { bar, turns: linked } = aa.links.read(location.search);
    const open = aa.kept.find(aa.kept.openId());
    aa.filters.set(bar, {});
    if (linked.length) {
      aa.filters.set(linked[linked.length - 1].limits, {});
      order(linked);
    } else if (open && !bar.paper) {
      order(open.turns, open.id);
    } else if (Object.keys(bar).length) {
      order([]);
    }
    askEarly();
  }

  function connect(trigger, props, watch) {
    channel = trigger;
    watch("value", () => props.value && hear(JSON.parse(props.value)));
    if (loaded) begin();
  }

  function openConversation(id) {
    const one = aa.kept.find(id);
    if (!one) return;
    const last = one.turns[one.turns.length - 1];
    aa.filters.set((last && last.limits) || {}, {});
    order(one.turns, id);
  }

  function beginNew() {
    aa.filters.set({}, {});
    aa.kept.open("");
    order([], aa.kept.newId());
    aa.box().focus();
  }

  function edit(place) {
    const turn = turns[place];
    const bar = aa.filters.given();
    stopEditing();
    editing = place;
    aa.filters.set(turn.limits, {});
    aa.type(turn.question);
    aa.box().focus();
    const after = turns.length - 1 - place;
    const loses = after ? ` and ${after === 1 ? "the question" : `the ${after} questions`} after it` : "";
    aa.filters.say(`Asking replaces this question${loses}.`, "Cancel", () => {
      stopEditing();
      aa.filters.set(bar, {});
      aa.type("");
    });
    mark();
  }

  function stopEditing() {
    if (editing === null) return;
    editing = null;
    aa.filters.say("");
    mark();
  }

  function mark() {
    document.querySelectorAll("#aa-chat .user-row").forEach((row, place) =>
      row.classList.toggle("aa-edited", place === editing));
  }

  // Again where it stands; what follows leans on it, and is answered again as well.
  const again = (place) =>
    order(turns.map((turn, at) => (at < place ? turn : { ...turn, tell: at === place })));
  const alone = (place) => order([...turns, { ...asked(turns[place].question),
    limits: turns[place].limits, standalone: true }]);

  function loosen(place, name) {
    const left = aa.filters.without(turns[place].limits, name);
    aa.filters.set(left, {});
    order([...turns, { ...asked(turns[place].question), standalone: turns[place].standalone }]);
  }

  const placeOf = (element, row) =>
    [...document.querySelectorAll(`#aa-chat ${row}`)].indexOf(element.closest(row));

  async function link(button) {
    const said = button.parentElement.querySelector(".aa-done");
    const address = aa.links.to(turns.slice(0, placeOf(button, ".bot-row") + 1));
    if (address) await navigator.clipboard.writeText(address);
    said.textContent = address ? "Copied." : "Too long for a link: take the conversation away.";
    setTimeout(() => (said.textContent = ""), 4000);
  }

  function pressed(target) {
    const on = (selector) => target.closest(selector);
    if (on("#aa-chat .aa-stop")) return stop();
    if (on("#aa-new")) return beginNew();
    if (busy) return null;
    if (on("#aa-chat .aa-edit")) return edit(placeOf(target, ".user-row"));
    if (on("#aa-chat .aa-again")) return again(placeOf(target, ".user-row"));
    if (on("#aa-chat .aa-retry")) return again(placeOf(target, ".bot-row"));
    if (on("#aa-chat .aa-drop")) return alone(placeOf(target, ".bot-row"));
    if (on("#aa-chat .aa-link-to")) return link(on(".aa-link-to"));
    const loose = on("#aa-chat .aa-loosen");
    if (loose) return loosen(placeOf(target, ".bot-row"), loose.dataset.filter || loose.name);
    const offered = on("#aa-chat .option, #aa-chat .example");
    return offered ? order([...turns, asked(offered.innerText.trim())]) : null;
  }

  document.addEventListener("click", (event) => pressed(event.target));
  document.addEventListener("keydown", (event) => {
    if (!aa.isEscape(event) || (editing === null && !isThinking())) return;
    event.preventDefault();
    if (editing === null) stop();
    else document.querySelector(".aa-said-here button").click();
  });

  return {
    connect, begin, ask, fail, open: openConversation, beginNew,
    turns: () => turns,
    conversation: () => conversation,
    isBusy: () => busy || !!early,
  };
})();
