// The sum due counted anew in its place. Whatever goes wrong, the page is loaded instead, as without scripts.

export function refreshSumDue(place) {
  const figure = place.querySelector("[data-sum-due-figure]");
  const button = place.querySelector("[data-sum-due-refresh]");
  const status = place.querySelector("[data-sum-due-status]");

  button.addEventListener("click", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    status.textContent = "";
    try {
      const answer = await fetch(place.dataset.sumDue, { redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      figure.innerHTML = await answer.text();
      status.textContent = `Расчёт обновлён. ${figure.textContent.trim().replace(/\s+/g, " ")}`;
    } catch {
      window.location.assign(button.href);
    } finally {
      button.setAttribute("aria-busy", "false");
    }
  });
}
