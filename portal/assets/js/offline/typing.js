// A reading as it was typed into a form: checked as far as a device can, and stored as a draft.

import { consumptionOf, fitsDial, grouped, isLower, isWhole, verdictOf } from "../meter-rules.js";
import { all, get, put, remove } from "./store.js";

const plain = (text) => text.replace(/\s/g, "");

export const inputOf = (form, meter) => form.querySelector(`[name="value_${meter.id}"]`);

export function typedIn(form, about) {
  return about.meters
    .map((meter) => ({ meter, value: plain((inputOf(form, meter) || { value: "" }).value) }))
    .filter(({ value }) => value);
}

const DAY = 24 * 3600 * 1000;

// As the server judges it, as far as this device knows the meter: what to say, and whether a tick can confirm it.
function doubtOf(form, about, meter, value) {
  const rolledOver = Boolean(form.querySelector(`[name="lower_${meter.id}"][value=rolled_over]:checked`));
  const isAnswered = Boolean(form.querySelector(`[name="lower_${meter.id}"]:checked`));
  const lower = Boolean(meter.lowest) && isLower(meter.lowest, value);
  if (lower && !isAnswered) {
    return {
      kind: "lower",
      text: `Новое показание меньше прошлого (${Math.floor(Number(meter.lowest))}). Проверьте цифры. Почему оно меньше, спросим, когда появится связь.`,
    };
  }
  const used = meter.known ? consumptionOf(meter.known, value, meter.digits, lower && rolledOver) : null;
  if (used === null) return null;
  const days = Math.floor((Date.now() - new Date(meter.since).getTime()) / DAY);
  if (days < -1) return null; // the device's clock stands wrong: the server judges
  const usual = meter.usual && (Number(meter.usual) * Math.max(1, Math.ceil(days / 30))).toFixed(3);
  const kind = verdictOf(used, Math.max(0, days), meter.hourly || null, usual || null);
  const shown = `${grouped(used)}\u00a0м³`;
  if (kind === "impossible") {
    const call = about.call ? ` Если на\u00a0счётчике именно столько, позвоните: ${about.call}.` : "";
    return { kind, text: `Проверьте цифры: получается расход ${shown}, а\u00a0столько газа счётчик пропустить не\u00a0может.${call}` };
  }
  if (kind === "unlikely") return { kind, text: `Получается расход ${shown}, это намного больше обычного. Проверьте цифры на\u00a0счётчике.` };
  return null;
}

const isConfirmed = (form, meter, value) => Boolean(
  form.querySelector(`[name="confirm_${meter.id}"][value="${Number(value)}"]:checked`),
);

// What is wrong with it, in words, and where; nothing when it may be drafts. `confirm`: the value that a tick of its own
// lets pass, while the dial is still at hand.
export function wrongWith(form, about) {
  const typed = typedIn(form, about);
  if (!typed.length) return { meter: about.meters[0], text: "Введите показание хотя бы одного счётчика." };
  for (const { meter, value } of typed) {
    if (!isWhole(value)) return { meter, text: "Введите показание цифрами, как на\u00a0счётчике, без цифр после запятой." };
    if (!fitsDial(value, meter.digits)) {
      return { meter, text: meter.tooMany || "У\u00a0этого счётчика меньше цифр. Введите только чёрные." };
    }
    const doubt = doubtOf(form, about, meter, value);
    if (doubt && doubt.kind === "impossible") return { meter, text: doubt.text };
    if (doubt && !isConfirmed(form, meter, value)) return { meter, text: doubt.text, kind: doubt.kind, confirm: Number(value) };
  }
  return null;
}

const pad = (number) => String(number).padStart(2, "0");
const dayOf = (time) => {
  const date = new Date(time);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
};

// By meter, its fields and how they are told. The answers to questions go along: the server asked them of these values.
function metersOf(form, typed) {
  const meters = {};
  typed.forEach(({ meter, value }) => {
    const fields = { [`value_${meter.id}`]: value, [`digits_${meter.id}`]: String(meter.digits) };
    const confirmed = form.querySelector(`[name="confirm_${meter.id}"]:checked`);
    const lower = form.querySelector(`[name="lower_${meter.id}"]:checked`);
    if (confirmed) fields[confirmed.name] = confirmed.value;
    if (lower) fields[lower.name] = lower.value;
    const shown = value.replace(/^0+(?=\d)/, "");
    meters[meter.id] = { fields, line: `${meter.model}, счётчик №\u00a0${meter.number}: ${grouped(shown)}\u00a0м³` };
  });
  return meters;
}

export async function draftPut(form, about, owner, id) {
  const typed = typedIn(form, about);
  const before = await get("readings", id);
  const typedAt = before ? before.typedAt : Date.now();
  const reading = {
    id,
    owner,
    link: about.link,
    url: about.url,
    page: about.page,
    label: about.label,
    meters: metersOf(form, typed),
    typedAt,
    day: dayOf(typedAt),
    state: "waiting",
    answer: before && before.answer,
  };
  await put("readings", reading);
  return reading;
}

// Typed again on the same day before it was sent: the later number counts, other meters' stay.
export async function replaceEarlier(reading) {
  const earlier = (await all("readings")).filter((one) => (
    one.id !== reading.id && one.owner === reading.owner && one.link === reading.link && one.day === reading.day
    && one.state !== "accepted" && one.typedAt <= reading.typedAt
  ));
  if (!earlier.length) return;
  earlier.sort((one, other) => one.typedAt - other.typedAt);
  Object.assign(reading, { meters: Object.assign({}, ...earlier.map((one) => one.meters), reading.meters) });
  await put("readings", reading);
  for (const old of earlier) await remove("readings", old.id);
}

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID(); // only where the connection is secure, and in newer browsers
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
