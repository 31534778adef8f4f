// The sum due counted anew in its place. Whatever goes wrong, the page that says it is loaded, as without scripts.

const words = (element) => element.textContent.trim().replace(/\s+/g, " ");

export function refreshSumDue(place) {
  const figure = place.querySelector("[data-sum-due-figure]");
  const button = place.querySelector("[data-sum-due-refresh]");
  const status = document.querySelector("[data-sum-due-status]");

  button.addEventListener("click", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    status.textContent = "";
    try {
      const answer = await fetch(place.dataset.sumDue, { redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.querySelector("[data-sum-due-figure]");
      const outcome = words(now) === words(figure) ? "same" : "changed";
      figure.innerHTML = now.innerHTML;
      status.textContent = words(page.querySelector(`[data-sum-due-${outcome}]`));
    } catch {
      window.location.assign(button.href);
    } finally {
      button.setAttribute("aria-busy", "false");
    }
  });
}
