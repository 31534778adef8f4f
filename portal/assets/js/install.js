// «Установить на телефон»: a button where the browser offers to install; words for the others are in the page.

export function installButton(button) {
  let offer = null;
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer = event;
    button.hidden = false;
  });
  button.addEventListener("click", () => {
    button.hidden = true;
    if (offer) offer.prompt();
  });
}
