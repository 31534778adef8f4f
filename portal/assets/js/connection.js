// The form of an application for connection: files with progress, and the flow added up while one types.

import { appealFiles } from "./appeal-files.js";

const KILOWATTS_OF_CUBIC_METRE = 9.3 * 0.92;

const TOO_MUCH = 8; // m³/h of one unit: kilowatts are meant, as the server says too

const number = (field) => {
  const found = field ? /^\s*(\d[\d\s]*(?:[.,]\d+)?)\s*$/.exec(field.value) : null;
  return found ? Number(found[1].replace(/\s/g, "").replace(",", ".")) : 0;
};

// What the server says of units and limits comes with «Далее»; here only plain numbers are added.
function sum(form) {
  const flows = JSON.parse(form.dataset.flows);
  const free = Number(form.dataset.free.replace(",", "."));
  const place = form.querySelector("[data-connection-sum]");
  const show = () => {
    let all = 0;
    form.querySelectorAll("[data-unit]").forEach((row) => {
      const field = (name) => row.querySelector(`[name$="-${name}"]`);
      const power = number(field("power"));
      const flow = number(field("flow"));
      const kilowatts = !power && flow >= TOO_MUCH ? flow : power;
      const byPower = kilowatts ? Math.ceil((100 * kilowatts) / KILOWATTS_OF_CUBIC_METRE) / 100 : 0;
      const one = (kilowatts === flow ? 0 : flow) || byPower || flows[field("type").value] || 0;
      if (field("type").value) all += (number(field("count")) || 1) * one;
    });
    if (!all) return;
    const said = (value) => `${String(Math.round(100 * value) / 100).replace(".", ",")}\u00a0м³/ч`;
    const lines = place.querySelectorAll("p");
    lines[0].textContent = "Расход всего: ";
    lines[0].append(Object.assign(document.createElement("strong"), { textContent: said(all) }));
    if (!lines[1]) return;
    lines[1].textContent =
      all > free
        ? `Это больше ${said(free)}, поэтому к\u00a0заявке нужен расчёт максимального часового расхода газа. Мы\u00a0добавим его в\u00a0список документов.`
        : `До\u00a0${said(free)} расчёт расхода прикладывать не\u00a0нужно.`;
  };
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  form.querySelector("[data-connection-count]").hidden = true;
}

document.querySelectorAll("[data-files]").forEach(appealFiles);
document.querySelectorAll("[data-connection-equipment]").forEach(sum);
