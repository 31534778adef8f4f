// Logging out deletes this person's forms and drafts from the device; unsent drafts not without asking.

import { all, remove } from "./store.js";

const QUESTION = "На\u00a0этом устройстве есть неотправленное показание. Если выйти, мы его удалим и\u00a0не\u00a0отправим. Выйти?";

export async function forget(owner) {
  for (const store of ["readings", "forms"]) {
    const key = store === "forms" ? "link" : "id";
    for (const one of await all(store)) if (one.owner === owner) await remove(store, one[key]);
  }
}

export function askBeforeLeaving(owner) {
  // Before other listeners: a person who stays has sent nothing.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!/\/logout\/$/.test(form.getAttribute("action") || "") || form.dataset.passed) return;
    event.preventDefault();
    event.stopPropagation();
    try {
      const unsent = (await all("readings")).some((one) => one.owner === owner && one.state !== "accepted");
      if (unsent && !window.confirm(QUESTION)) return;
      await forget(owner);
    } catch {
      // Nothing to delete where there is no IndexedDB.
    }
    form.dataset.passed = "yes";
    form.submit();
  }, true);
}
