// «Итого к оплате» while sums are being typed. The server counts anew and asks where its sum is another one.

import { inRoubles } from "./meter-rules.js";

// Kopecks of what was typed, as cabinet/payments/page/fields.py reads it; null for what it refuses.
export function kopecksTyped(text) {
  const bare = text.toLowerCase().replace(/[\s'’`]+/g, "").replace(/(?:₽|руб(?:л(?:ь|я|ей))?\.?|р\.?)$/, "");
  if (bare === "") return 0;
  const found = /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(bare);
  return found && Number(found[1]) * 100 + Number((found[2] || "").padEnd(2, "0"));
}

const kopecks = (text) => Math.round(Number(text) * 100);

export function commissionOf(credited, { collector, percent, least, most }) {
  if (!collector || credited <= 0) return 0;
  // In hundredths of a per cent, so that all of it is whole numbers: rounded half up.
  const part = Math.floor((credited * kopecks(percent) + 5000) / 10000);
  const lifted = Math.max(part, kopecks(least));
  return most ? Math.min(lifted, kopecks(most)) : lifted;
}

export function payment(form) {
  const field = (name) => form.querySelector(`[name=${name}]`);
  const say = (mark, value) => form.querySelectorAll(`[data-payment-${mark}]`).forEach((place) => {
    place.textContent = value;
  });

  const show = () => {
    const parts = [field("principal"), field("penalty")].map((input) => kopecksTyped(input.value));
    if (parts.includes(null)) return;
    const credited = parts[0] + parts[1];
    const exempt = field("is_exempt");
    const commission = exempt && exempt.checked ? 0 : commissionOf(credited, form.dataset);
    say("credited", inRoubles(credited));
    say("commission", inRoubles(commission));
    say("total", inRoubles(credited + commission));
    form.querySelector("[data-payment-seen]").value = ((credited + commission) / 100).toFixed(2);
  };
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  // The way back shows the sums that were typed, and the total of before.
  window.addEventListener("pageshow", show);
}
