// Readings that this telephone keeps until there is signal (docs/decisions/0022).

import { all, remove } from "./store.js";
import { askBeforeLeaving } from "./leaving.js";
import { keptForm } from "./form.js";
import { notice, show } from "./notices.js";
import { offlinePage, signalIsBack } from "./offline-page.js";
import { sendKept, whoIsThere } from "./sending.js";

const MONTH = 31 * 24 * 3600 * 1000;

async function tidy(who) {
  const now = Date.now();
  for (const one of await all("forms")) {
    if ((who && one.who !== who) || now - one.savedAt > 2 * MONTH) await remove("forms", one.link);
  }
  for (const one of await all("readings")) {
    const arrived = document.querySelector(`[data-kept-arrived="${one.id}"]`);
    if (one.seen || arrived || now - one.typedAt > 3 * MONTH) await remove("readings", one.id);
  }
}

async function lastWho() {
  const forms = (await all("forms")).sort((one, other) => other.savedAt - one.savedAt);
  return forms.length ? forms[0].who : "";
}

export async function keptReadings(place) {
  if (!window.indexedDB) return;
  const { address, worker } = place.dataset;
  const isOffline = "offline" in place.dataset;
  const kept = { address, who: place.dataset.who || "" };
  try {
    await tidy(kept.who);
    if (isOffline) kept.who = await lastWho();
  } catch {
    return; // a browser without a memory of its own, or with one that is switched off
  }

  async function render(toLogin) {
    const readings = await all("readings");
    const mine = readings.filter((one) => one.who === kept.who).sort((one, other) => other.typedAt - one.typedAt);
    if (kept.who) show(place, mine, { again: () => render(toLogin), toLogin });
    else if (readings.some((one) => one.state === "kept")) {
      place.textContent = "";
      notice(place, {
        kind: "warning",
        icon: "alert",
        title: "На\u00a0этом телефоне есть неотправленное показание",
        lines: ["Войдите в\u00a0кабинет, и\u00a0оно уйдёт само."],
      });
    }
  }

  async function send() {
    let toLogin = false;
    try {
      await sendKept(address);
      if (isOffline) {
        toLogin = (await whoIsThere(address)).who !== kept.who;
        signalIsBack();
      }
    } catch {
      // No signal yet: it waits.
    }
    await render(toLogin);
  }

  kept.show = async ({ focus, withPhoto, send: now }) => {
    await render(false);
    if (withPhoto) {
      notice(place, { kind: "info", icon: "info", lines: ["Фото на\u00a0телефоне не\u00a0сохраняется: приложите его, когда появится связь."] });
    }
    if (now && navigator.onLine !== false) await send();
    if (focus && place.firstChild) {
      place.firstChild.focus();
      place.scrollIntoView({ block: "center" });
    }
  };

  if (kept.who && !isOffline) askBeforeLeaving(kept.who);
  if (worker && "serviceWorker" in navigator) {
    navigator.serviceWorker.register(worker, { updateViaCache: "none" }).catch(() => {});
  }
  const form = document.querySelector("[data-kept-form]");
  if (form && kept.who) await keptForm(form, kept);
  if (isOffline) {
    const forms = (await all("forms")).filter((one) => one.who === kept.who);
    if (forms.length) document.documentElement.className = forms[0].look;
    offlinePage(document.querySelector("[data-kept-page]"), forms, kept);
  }
  await render(false);
  if (navigator.onLine !== false) await send();
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && navigator.onLine !== false) send();
  });
}
