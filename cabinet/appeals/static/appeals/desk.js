// The answer's form: a ready answer goes to where the cursor is, and the open page keeps its lock.
(() => {
  const form = document.querySelector("[data-appeal-answer]");
  if (!form) return;

  const text = form.elements.namedItem("text");
  const canned = form.elements.namedItem("canned");
  const insert = form.elements.namedItem("insert");
  if (canned && insert) {
    insert.addEventListener("click", (event) => {
      event.preventDefault();
      const chosen = canned.selectedOptions[0]?.dataset.text;
      if (!chosen) return;
      const before = text.value.slice(0, text.selectionStart);
      const gap = before.trim() && !before.endsWith("\n") ? "\n\n" : "";
      text.setRangeText(gap + chosen, text.selectionStart, text.selectionEnd, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
      text.focus();
    });
  }

  const EVERY = 3 * 60 * 1000;
  const csrf = form.elements.namedItem("csrfmiddlewaretoken").value;
  const lost = form.querySelector("[data-appeal-lost]");
  const hold = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(form.dataset.hold, {
        method: "POST",
        headers: { "X-CSRFToken": csrf },
      });
      if (lost) lost.hidden = answer.status !== 409;
    } catch {
      // Without a network the lock runs out; sending asks again.
    }
  };
  hold();
  setInterval(hold, EVERY);
  document.addEventListener("visibilitychange", hold);
})();
