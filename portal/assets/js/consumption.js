// «Расход» and «К оплате по счётчику» while a reading is being typed. The server has the last word.

import { consumptionOf, fitsDial, grouped, inRoubles, isLower, isWhole, kopecksOf } from "./meter-rules.js";

export function consumption(meter) {
  const { last, lowest, tariff, digits } = meter.dataset;
  const input = meter.querySelector(".dial input");
  const output = meter.querySelector("output");
  if (!input || !output || !last) return;

  const show = () => {
    const typed = input.value.replace(/\s/g, "");
    // As the server: what was answered about a lower number says nothing of a corrected one.
    output.textContent = "";
    if (!isWhole(typed) || !fitsDial(typed, digits)) return;
    const rolledOver = Boolean(lowest) && isLower(lowest, typed)
      && Boolean(meter.querySelector("input[value=rolled_over]:checked"));
    const volume = consumptionOf(last, typed, Number(digits), rolledOver);
    if (volume === null) return;
    output.textContent = `Расход: ${grouped(volume)}\u00a0м³`;
    if (tariff) {
      output.textContent += `. К\u00a0оплате по\u00a0счётчику:\u00a0${inRoubles(kopecksOf(volume, tariff))}`;
    }
  };
  meter.addEventListener("input", show);
  show();
}

// Tells the server that the sums were shown as one typed, so that it need not show them in between.
export function sumsAreShown(field) {
  field.value = "yes";
}
