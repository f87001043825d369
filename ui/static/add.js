// Adding papers: files can be dropped, and how far a job is shows without loading the page again.
(() => {
  const shown = document.getElementById("aa-progress");
  if (shown) {
    const look = async () => {
      const answer = await fetch(shown.dataset.progress).catch(() => null);
      const state = answer && answer.ok ? await answer.json() : null;
      if (answer && (!answer.ok || state.done)) { location.reload(); return; }
      if (state) {
        const [read, kept] = [state.read, state.committed].map((n) => n.toLocaleString("en"));
        shown.textContent = `${read} records read, ${kept} kept.`;
      }
      setTimeout(look, 700);
    };
    look();
    return;
  }
  const drop = document.getElementById("aa-drop-files");
  const files = document.getElementById("aa-files");
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle("aa-over", kind === "dragenter" || kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) files.files = event.dataTransfer.files;
    });
  }
})();
