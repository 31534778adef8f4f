// What a reading means in m³ and roubles: the rules of cabinet/meters/history/consumption.py, checked against the same
// table (tests/cabinet/meters/consumption_vectors.json). Whole numbers throughout: 7.39123 × 24 must not depend on
// binary fractions.

const LITRES = 1000; // thousandths of a m³: billing's readings may have three decimals

function thousandths(text) {
  const [whole, fraction = ""] = text.split(".");
  return Number(whole) * LITRES + Number(fraction.padEnd(3, "0"));
}

function shown(litres) {
  const fraction = String(litres % LITRES).padStart(3, "0").replace(/0+$/, "");
  return String(Math.floor(litres / LITRES)) + (fraction && `.${fraction}`);
}

export const isWhole = (typed) => /^\d+$/.test(typed);

export function fitsDial(typed, digits) {
  return typed.replace(/^0+/, "").length <= Number(digits);
}

// A dial shows whole m³: 1234 is not lower than billing's 1234.567.
export function isLower(last, typed) {
  return thousandths(typed) < Math.floor(thousandths(last) / LITRES) * LITRES;
}

// m³ between two readings, as a text like "4.7"; over the zero of the dial where it rolled over; null where the
// reading is lower and did not.
export function consumptionOf(last, typed, digits, rolledOver) {
  const [before, now, dial] = [thousandths(last), thousandths(typed), 10 ** digits * LITRES];
  let used = null;
  if (!isLower(last, typed) && !rolledOver) used = Math.max(now - before, 0);
  else if (rolledOver && now <= before && before < dial) used = now + dial - before;
  return used === null ? null : shown(used);
}

// Whether m³ used in so many days are impossible, unlikely or neither: `verdict` of readings/rules.py. A day's reading is
// of any hour, so a day is added. Texts; null for a limit that is not known.
export function verdictOf(used, days, hourly, usual) {
  const litres = thousandths(used);
  if (hourly !== null && litres > thousandths(hourly) * 24 * (days + 1)) return "impossible";
  if (usual !== null && litres > thousandths(usual)) return "unlikely";
  return null;
}

// Kopecks for so many m³ at a price like "9.064101", rounded half up. Long division digit by digit keeps every
// step within what a number holds exactly, for prices under 10 000 ₽.
export function kopecksOf(volume, price) {
  const [whole, fraction = ""] = price.split(".");
  const scale = 10 ** fraction.length * LITRES;
  const factor = Number(whole + fraction) * 100;
  let quotient = 0;
  let rest = 0;
  for (const digit of String(thousandths(volume))) {
    const part = rest * 10 + Number(digit) * factor;
    quotient = quotient * 10 + Math.floor(part / scale);
    rest = part % scale;
  }
  return quotient + (rest * 2 >= scale ? 1 : 0);
}

// A whole number or one with a decimal point, as people read it: narrow spaces and a comma.
export function grouped(number) {
  const [whole, fraction] = String(number).split(".");
  const parts = whole.replace(/\B(?=(\d{3})+$)/g, "\u202f");
  return fraction ? `${parts},${fraction}` : parts;
}

export function inRoubles(kopecks) {
  return `${grouped(Math.floor(kopecks / 100))},${String(kopecks % 100).padStart(2, "0")}\u00a0₽`;
}
