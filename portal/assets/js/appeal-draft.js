// What is typed is saved a moment later, so that neither a lost session nor a closed page loses it.

const PAUSE = 2000;

export function appealDraft(form) {
  const note = form.querySelector("[data-draft-note]");
  let timer = 0;
  let isOver = false;

  const typed = () => {
    const data = new FormData(form);
    data.delete("files");
    return data;
  };
  const stop = () => {
    clearTimeout(timer);
    timer = 0;
  };
  const save = () => {
    timer = 0;
    fetch(form.dataset.draft, { method: "post", body: typed(), credentials: "same-origin" })
      .then((answer) => {
        // To the login: the server has kept what was typed, and shows it after that.
        if (answer.redirected) {
          isOver = true;
          note.textContent = "Вы давно не заходили. Когда нажмёте «Отправить», попросим войти снова: написанное сохранится.";
          note.hidden = false;
          return;
        }
        note.hidden = answer.headers.get("X-Draft") !== "saved";
      })
      .catch(() => {
        note.hidden = true;
      });
  };

  form.addEventListener("input", () => {
    if (isOver) return;
    stop();
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", stop);
  window.addEventListener("pagehide", () => {
    if (!timer || isOver || !document.contains(form)) return;
    stop();
    navigator.sendBeacon(form.dataset.draft, typed());
  });
}
