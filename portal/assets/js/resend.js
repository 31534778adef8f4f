// «Отправить ещё раз» counts the seconds down; a screen reader hears of it once, when it is time.

export function resend(form) {
  const button = form.querySelector("button");
  const left = form.querySelector("[data-resend-left]");
  const end = Date.now() + Number(form.dataset.resend) * 1000;
  button.disabled = true;

  const tick = () => {
    const seconds = Math.ceil((end - Date.now()) / 1000);
    if (seconds > 0) {
      const rest = String(seconds % 60).padStart(2, "0");
      left.textContent = `Можно будет через ${Math.floor(seconds / 60)}:${rest}`;
      return;
    }
    clearInterval(timer);
    button.disabled = false;
    left.setAttribute("role", "status");
    left.textContent = "Можно отправить ещё раз.";
  };
  const timer = setInterval(tick, 500);
  tick();
}
