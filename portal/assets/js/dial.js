// The dial of a meter: grey zeros before what is typed, as on the drum, and a word at once about too many digits.

import { fitsDial, isWhole } from "./meter-rules.js";

export function dial(part) {
  const input = part.querySelector("input");
  const drum = part.querySelector(".dial__drum");
  const digits = input.placeholder.length;
  const over = part.closest(".meter").querySelector("[data-dial-over]");
  const zeros = Object.assign(document.createElement("span"), { className: "dial__zeros" });
  zeros.setAttribute("aria-hidden", "true");
  drum.prepend(zeros);

  const show = () => {
    // What is pasted with spaces would not stand in the cells.
    if (/^\d[\d\s]*\s[\d\s]*$/.test(input.value)) input.value = input.value.replace(/\s/g, "");
    const typed = input.value.trim();
    const isNumber = isWhole(typed);
    const isOver = isNumber && !fitsDial(typed, digits);
    zeros.textContent = isNumber ? "0".repeat(Math.max(0, digits - typed.length)) : "";
    part.classList.toggle("dial--plain", typed !== "" && (!isNumber || typed.length > digits));
    part.classList.toggle("dial--over", isOver);
    if (!over) return;
    const text = isOver ? over.dataset.dialOver : "";
    if (over.textContent !== text) over.textContent = text; // once, not with every digit more
  };
  input.addEventListener("input", show);
  show();
}
