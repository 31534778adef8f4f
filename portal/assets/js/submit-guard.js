// A nervous thumb sends a form twice. The server keeps one; this spares the second wait.

const LONGEST_WAIT = 20_000; // then the line has probably dropped, and another try must be possible

const labels = new Map(); // button → what stood on it

function release(form) {
  delete form.dataset.sending;
  labels.forEach((nodes, button) => {
    if (button.form !== form) return;
    button.disabled = false;
    button.textContent = "";
    button.append(...nodes);
    labels.delete(button);
  });
}

export function guardSubmits() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "yes";
    const button = event.submitter || form.querySelector("button[type=submit]");
    // After the browser has collected the fields: a disabled button's own name and value would be left out.
    setTimeout(() => {
      if (!button) return;
      labels.set(button, Array.from(button.childNodes));
      button.textContent = "Отправляем…";
      button.disabled = true;
    });
    setTimeout(() => release(form), LONGEST_WAIT);
  });
  // The way back shows the page as it was left, with its button still disabled.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sending]").forEach(release);
  });
}
