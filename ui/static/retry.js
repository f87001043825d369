// The button of what went wrong asks the question above it again, as the button beside that does.
document.addEventListener("click", (event) => {
  const row = event.target.closest(".aa-retry")?.closest(".bot-row");
  const rows = [...document.querySelectorAll("#aa-chat :is(.user-row, .bot-row)")];
  const question = row && rows.slice(0, rows.indexOf(row)).findLast((one) => one.matches(".user-row"));
  question?.querySelector(".aa-again").click();
});
