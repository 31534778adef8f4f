// The page of a new appeal: the form of the chosen kind at once, a draft while one types, files with progress.

import { appealDraft } from "./appeal-draft.js";
import { appealFiles } from "./appeal-files.js";

const all = (root, selector) => Array.from(root.querySelectorAll(selector));

let asked = 0;

function show(page, html, address) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-appeal]");
  if (!fresh) return false;
  page.replaceWith(fresh);
  window.history.replaceState(window.history.state, "", address);
  start(fresh);
  const choice = fresh.querySelector("[data-appeal-kind]");
  if (choice) choice.focus();
  return true;
}

function changeKind(page, form, next) {
  const typed = new FormData(form);
  typed.delete("files");
  const query = new URLSearchParams();
  ["kind", "from", "object"].forEach((name) => {
    if (typed.get(name)) query.set(name, typed.get(name));
  });
  const address = `${form.getAttribute("action")}?${query}`;
  const isPost = form.method === "post";
  if (isPost) typed.append("action", "kind");
  const turn = ++asked;
  fetch(isPost ? form.getAttribute("action") : address, { method: form.method, body: isPost ? typed : undefined, credentials: "same-origin" })
    .then((answer) => {
      if (!answer.ok || answer.redirected) throw new Error("no page");
      return answer.text();
    })
    .then((html) => {
      if (turn === asked && !show(page, html, address)) throw new Error("no form");
    })
    .catch(() => next.click());
}

function hints(list) {
  const choice = document.getElementById(list.dataset.hintsOf);
  const change = () => all(list, "[data-hint]").forEach((one) => (one.hidden = one.dataset.hint !== choice.value));
  choice.addEventListener("change", change);
  change();
}

function start(root) {
  all(root, "[data-files]").forEach(appealFiles);
  all(root, "[data-hints-of]").forEach(hints);
  const form = root.querySelector("[data-appeal-form]");
  if (!form) return;
  const next = form.querySelector("[data-appeal-next]");
  if (next) {
    next.hidden = true;
    form.querySelector("[data-appeal-kind]").addEventListener("change", () => changeKind(root, form, next));
  }
  if (form.method === "post") appealDraft(form);
}

const page = document.querySelector("[data-appeal]");
start(page || document);
