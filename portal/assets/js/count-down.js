// The time left of a block, minute by minute; a screen reader would not survive every second.

function inWords(seconds) {
  const minutes = Math.ceil(seconds / 60);
  if (minutes === 1) return "минуту";
  const tens = minutes % 100;
  const ones = minutes % 10;
  if (ones === 1 && tens !== 11) return `${minutes}\u00a0минуту`;
  if (ones > 1 && ones < 5 && (tens < 12 || tens > 14)) return `${minutes}\u00a0минуты`;
  return `${minutes}\u00a0минут`;
}

export function countDown(place) {
  const notice = place.closest("[data-blocked]");
  const end = Date.now() + Number(place.dataset.seconds) * 1000;
  if (!Number.isFinite(end)) return;

  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left > 0) {
      const text = inWords(left);
      if (place.textContent !== text) place.textContent = text;
      return;
    }
    clearInterval(timer);
    notice.hidden = true;
    document.querySelectorAll("fieldset[data-blocked-form]").forEach((fieldset) => {
      fieldset.disabled = false;
    });
  };
  const timer = setInterval(tick, 1000);
  tick();
}
