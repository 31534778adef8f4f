// The form of readings with drafts behind it: what is typed is stored before it is sent, so neither a lost signal
// nor a closed tab costs it.

import { grouped } from "../meter-rules.js";
import { change, get, put, remove } from "./store.js";
import { identity } from "./sending.js";
import { draftPut, inputOf, newId, replaceEarlier, typedIn, wrongWith } from "./typing.js";

function showError(form, meter, text) {
  const input = inputOf(form, meter);
  const id = `draft-error-${meter.id}`;
  let error = document.getElementById(id);
  if (!error) {
    error = Object.assign(document.createElement("p"), { id, className: "field__error" });
    input.closest(".meter__entry").after(error);
    input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") || ""} ${id}`.trim());
  }
  error.textContent = text;
  error.hidden = false;
  input.setAttribute("aria-invalid", "true");
  input.focus();
}

// The same tick as the server's (meter_question.html): it names the value, so another number is asked about anew.
function askToConfirm(form, meter, value) {
  const name = `confirm_${meter.id}`;
  let tick = form.querySelector(`[name="${name}"]`);
  if (!tick) {
    tick = Object.assign(document.createElement("input"), { type: "checkbox", name, id: `id_${name}` });
    const label = Object.assign(document.createElement("label"), { htmlFor: tick.id });
    const choice = Object.assign(document.createElement("div"), { className: "choice" });
    choice.append(tick, label);
    const question = Object.assign(document.createElement("div"), { className: "meter__question" });
    question.dataset.draftQuestion = "";
    question.append(choice);
    document.getElementById(`draft-error-${meter.id}`).after(question);
  }
  if (tick.value !== String(value)) tick.checked = false;
  tick.value = String(value);
  form.querySelector(`label[for="${tick.id}"]`).textContent = `Да, на\u00a0счётчике именно\u00a0${grouped(value)}`;
}

function clearQuestions(form) {
  form.querySelectorAll("[data-draft-question]").forEach((question) => question.remove());
}

function clearErrors(form) {
  form.querySelectorAll("[id^=draft-error-]").forEach((error) => { error.hidden = true; });
  form.querySelectorAll(".dial [aria-invalid]").forEach((input) => input.removeAttribute("aria-invalid"));
}

export async function storeDraft(form, about, drafts, id) {
  clearErrors(form);
  const wrong = wrongWith(form, about);
  if (wrong) {
    showError(form, wrong.meter, wrong.text);
    if (wrong.confirm !== undefined) askToConfirm(form, wrong.meter, wrong.confirm);
    return false;
  }
  const reading = await draftPut(form, about, drafts.owner, id);
  await replaceEarlier(reading);
  about.meters.forEach((meter) => {
    const input = inputOf(form, meter);
    if (!input) return;
    input.value = "";
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  clearQuestions(form);
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.getRegistration()
      .then((registration) => registration && registration.sync && registration.sync.register("readings"))
      .catch(() => {});
  }
  return true;
}

async function hasSignal(address) {
  if (navigator.onLine === false) return false;
  try {
    await identity(address);
    return true;
  } catch {
    return false;
  }
}

function pass(form) {
  form.dataset.passed = "yes";
  if (form.requestSubmit) form.requestSubmit();
  else form.submit();
}

async function submitted(form, about, drafts) {
  const id = form.querySelector("[name=idempotency_key]");
  // Come back to by the browser's own way and changed, it is another sending; unchanged, the same.
  const typed = JSON.stringify(typedIn(form, about).map(({ meter, value }) => [meter.id, value]));
  if (form.dataset.typed && form.dataset.typed !== typed) id.value = newId();
  form.dataset.typed = typed;
  const isDraft = typed !== "[]";
  try {
    if (isDraft) await draftPut(form, about, drafts.owner, id.value);
    if (await hasSignal(drafts.address)) {
      pass(form);
      return;
    }
    if (isDraft) await remove("readings", id.value);
    const withPhoto = Array.from(form.querySelectorAll("input[type=file]")).some((input) => input.value);
    if (!(await storeDraft(form, about, drafts, id.value))) return;
    id.value = newId();
    await drafts.show({ focus: true, withPhoto });
  } catch {
    pass(form); // without IndexedDB, as without scripts
  }
}

// What was asked about is looked at in the form, for the day on which it was typed.
async function fillFrom(form, about, drafts) {
  const wanted = window.location.hash.match(/^#draft=([\w-]+)$/);
  if (form.dataset.offlineAnswered) return; // it is in the form already, with the server's questions
  const reading = wanted && await get("readings", wanted[1]);
  if (!reading || reading.owner !== drafts.owner || reading.link !== about.link || reading.state !== "asks") return;
  form.querySelector("[name=idempotency_key]").value = reading.id;
  form.querySelector("[name=typed_on]").value = reading.answer.day;
  const filled = about.meters.map((meter) => inputOf(form, meter)).filter((input) => {
    const meter = input && reading.meters[input.name.slice(6)];
    if (!meter) return false;
    input.value = meter.fields[input.name];
    input.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  });
  if (filled.length) filled[0].focus();
  const wrong = wrongWith(form, about);
  if (wrong && wrong.kind === "unlikely") {
    showError(form, wrong.meter, wrong.text);
    askToConfirm(form, wrong.meter, wrong.confirm);
  }
}

export async function draftForm(form, drafts) {
  const about = JSON.parse(form.dataset.offlineForm);
  let busy = false;
  form.addEventListener("submit", async (event) => {
    if (form.dataset.passed) {
      delete form.dataset.passed;
      return;
    }
    event.preventDefault();
    if (busy) return;
    busy = true;
    await submitted(form, about, drafts);
    busy = false;
  });
  // The login in between has kept the form, which asks to be looked at and sent.
  if (document.querySelector("[data-notice=form-recovered]")) {
    await remove("readings", form.querySelector("[name=idempotency_key]").value);
  }
  // The server has answered with questions; they are in front of the person now.
  const answered = form.dataset.offlineAnswered && await get("readings", form.dataset.offlineAnswered);
  if (answered && answered.answer) await change(answered.id, { state: "asks" });
  else if (answered) await remove("readings", answered.id);
  await put("forms", Object.assign(about, {
    owner: drafts.owner, look: document.documentElement.className, savedAt: Date.now(),
  }));
  await fillFrom(form, about, drafts);
  window.addEventListener("hashchange", () => fillFrom(form, about, drafts));
}
