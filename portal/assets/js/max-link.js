// The page that waits until its link is opened in MAX looks for that by itself, while somebody sees it.

const EVERY = 5000;
const LONGEST = 15 * 60 * 1000;

export function waitForMax(place) {
  const end = Date.now() + LONGEST;

  const look = async () => {
    if (Date.now() > end) return;
    if (!document.hidden) {
      try {
        const answer = await fetch(window.location.href, { redirect: "error" });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const now = page.querySelector("[data-max-state]");
        if (answer.ok && (!now || now.dataset.maxState !== place.dataset.maxState)) {
          window.location.reload();
          return;
        }
      } catch {
        // No connection: the next look, or the button, will tell.
      }
    }
    window.setTimeout(look, EVERY);
  };

  window.setTimeout(look, EVERY);
}
