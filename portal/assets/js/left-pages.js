// The way back must not show a cabinet that somebody has left: a browser may keep a whole page, answers
// that are not to be stored included. Asked anew, the server says who is there.

export function forgetLeftPages() {
  if (!document.querySelector("[data-personal]")) return;
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.body.hidden = true;
    window.location.reload();
  });
}
