// «Расход» and «К оплате по счётчику» while a reading is being typed. The server has the last word.

const WHOLE = /^\d+$/;

// Kopecks, rounded half up, in whole numbers throughout: 7.39123 × 24 must not depend on binary fractions.
function cost(volume, tariff) {
  const [whole, fraction = ""] = tariff.split(".");
  const scale = 10 ** fraction.length;
  const kopecks = Math.floor((volume * Number(whole + fraction) * 200 + scale) / (2 * scale));
  const roubles = String(Math.floor(kopecks / 100)).replace(/\B(?=(\d{3})+$)/g, "\u00a0");
  return `${roubles},${String(kopecks % 100).padStart(2, "0")}\u00a0₽`;
}

export function consumption(meter) {
  const { last, tariff } = meter.dataset;
  const input = meter.querySelector(".dial input");
  const output = meter.querySelector("output");
  if (!input || !output || !last) return;

  const show = () => {
    const typed = input.value.replace(/\s/g, "");
    output.textContent = "";
    if (!WHOLE.test(typed) || Number(typed) < Number(last)) return;
    const volume = Number(typed) - Number(last);
    output.textContent = `Расход: ${volume}\u00a0м³`;
    if (tariff) output.textContent += `. К оплате по счётчику: ${cost(volume, tariff)}`;
  };
  input.addEventListener("input", show);
  show();
}
