// The bell of a page that stays open: looked at again when somebody comes back to the page, each minute while it is
// seen, and when this browser has just shown a notification.

const EVERY = 60_000;

export function bell(place) {
  let isBusy = false;

  async function look() {
    if (document.hidden || isBusy) return;
    isBusy = true;
    try {
      const answer = await fetch(place.dataset.bell, { redirect: "manual", cache: "no-store" });
      if (!answer.ok) return; // the login is over: the next page will say so
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.querySelector("[data-bell]");
      if (now && now.textContent !== place.textContent) place.innerHTML = now.innerHTML;
    } catch {
      // No connection: the next look will tell.
    } finally {
      isBusy = false;
    }
  }

  document.addEventListener("visibilitychange", look);
  window.setInterval(look, EVERY);
  if (navigator.serviceWorker) {
    navigator.serviceWorker.addEventListener("message", (event) => event.data === "bell" && look());
  }
}
