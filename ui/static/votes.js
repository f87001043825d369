// A vote counts without loading the page again, so that the reader stays where they are; without
// this script, or where the server says no, the form is sent as forms are.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest(".aa-vote");
  if (!form || form.dataset.plain) return;
  event.preventDefault();
  const button = form.querySelector("button"), up = form.elements.up;
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
  if (!answer || answer.type !== "opaqueredirect") {
    form.dataset.plain = "yes";
    form.submit();
    return;
  }
  const voted = up.value === "true", count = button.querySelector("b");
  count.textContent = Number(count.textContent) + (voted ? 1 : -1);
  button.setAttribute("aria-pressed", voted);
  up.value = String(!voted);
});
