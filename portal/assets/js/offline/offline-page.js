// The page without signal: the forms that this device knows, of the person who was here last.

import { grouped } from "../meter-rules.js";
import { dial } from "../dial.js";
import { storeDraft } from "./form.js";
import { newId } from "./typing.js";

function meterOf(template, meter) {
  const part = template.content.cloneNode(true);
  const set = (selector, text) => { part.querySelector(selector).textContent = text; };
  set(".meter__model", meter.model);
  set(".meter__number", `Счётчик №\u00a0${meter.number}`);
  set(".meter__last", meter.last
    ? `Последнее известное показание от\u00a0${meter.lastOn}\u00a0— ${grouped(meter.last)}\u00a0м³`
    : "Показаний по\u00a0этому счётчику ещё не\u00a0было");
  set("label .visually-hidden", ` ${meter.model}, № ${meter.number}, в кубических метрах`);
  const input = part.querySelector("input");
  input.name = `value_${meter.id}`;
  input.id = `id_${meter.id}`;
  input.placeholder = "0".repeat(meter.digits);
  part.querySelector("label").htmlFor = input.id;
  part.querySelector(".dial").classList.add(`dial--${meter.digits}`);
  part.querySelector("[data-dial-over]").dataset.dialOver = meter.tooMany || "";
  dial(part.querySelector(".dial"));
  return part;
}

export function signalIsBack() {
  document.querySelectorAll("[data-offline-signal]").forEach((part) => {
    part.hidden = part.dataset.offlineSignal === "no";
  });
}

export function offlinePage(page, forms, drafts) {
  page.querySelector("[data-offline-nothing]").hidden = forms.length > 0;
  forms.forEach((about) => {
    const part = page.querySelector("template[data-offline-account]").content.cloneNode(true);
    const form = part.querySelector("form");
    part.querySelector("h2").textContent = about.label;
    const template = page.querySelector("template[data-offline-meter]");
    const meters = form.querySelector(".meters");
    meters.classList.toggle("meters--several", about.meters.length > 1);
    meters.append(...about.meters.map((meter) => meterOf(template, meter)));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (await storeDraft(form, about, drafts, newId())) await drafts.show({ focus: true, send: true });
    });
    page.append(part);
  });
}
