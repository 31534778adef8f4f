// Readings that this device keeps until there is signal (docs/decisions/0020).

import { all, remove } from "./store.js";
import { askBeforeLeaving } from "./leaving.js";
import { draftForm } from "./form.js";
import { notice, show } from "./notices.js";
import { offlinePage, signalIsBack } from "./offline-page.js";
import { sendDrafts, identity } from "./sending.js";

// A browser does not always say that there is signal again, least of all on a page that was opened without.
const LOOK_AGAIN = 5000;
const MONTH = 31 * 24 * 3600 * 1000;

async function tidy(owner) {
  const now = Date.now();
  for (const one of await all("forms")) {
    if ((owner && one.owner !== owner) || now - one.savedAt > 2 * MONTH) await remove("forms", one.link);
  }
  for (const one of await all("readings")) {
    const arrived = document.querySelector(`[data-offline-arrived="${one.id}"]`);
    if (one.seen || arrived || now - one.typedAt > 3 * MONTH) await remove("readings", one.id);
  }
}

async function lastOwner() {
  const forms = (await all("forms")).sort((one, other) => other.savedAt - one.savedAt);
  return forms.length ? forms[0].owner : "";
}

export async function offlineDrafts(place) {
  if (!window.indexedDB) return;
  const { address, worker } = place.dataset;
  const isOffline = "offline" in place.dataset;
  const drafts = { address, owner: place.dataset.owner || "" };
  try {
    await tidy(drafts.owner);
    if (isOffline) drafts.owner = await lastOwner();
  } catch {
    return; // a browser without a memory of its own, or with one that is switched off
  }

  const form = document.querySelector("[data-offline-form]");
  const inFront = form && form.dataset.offlineAnswered; // its questions stand in the form

  async function render(toLogin) {
    const readings = (await all("readings")).filter((one) => one.id !== inFront);
    const mine = readings.filter((one) => one.owner === drafts.owner).sort((one, other) => other.typedAt - one.typedAt);
    if (drafts.owner) show(place, mine, { again: () => render(toLogin), toLogin });
    else if (!document.querySelector("[data-notice=form-recovered]") && readings.some((one) => one.state === "waiting")) {
      place.textContent = "";
      notice(place, {
        kind: "warning",
        icon: "alert",
        title: "На\u00a0этом устройстве есть неотправленное показание",
        lines: ["Войдите в\u00a0кабинет, и\u00a0мы его отправим."],
      });
    }
  }

  // Whether the server has answered.
  async function send() {
    let toLogin = false;
    let isThere = false;
    try {
      await sendDrafts(address);
      if (isOffline) {
        toLogin = (await identity(address)).owner !== drafts.owner;
        signalIsBack();
      }
      isThere = true;
    } catch {
      // No signal yet: it waits.
    }
    await render(toLogin);
    return isThere;
  }

  async function untilSignal() {
    if (!document.hidden && navigator.onLine !== false && (await send())) return;
    window.setTimeout(untilSignal, LOOK_AGAIN);
  }

  drafts.show = async ({ focus, withPhoto, send: now }) => {
    await render(false);
    if (withPhoto) {
      notice(place, { kind: "info", icon: "info", lines: ["Фото не\u00a0сохраняется. Приложите его, когда появится связь."] });
    }
    if (now && navigator.onLine !== false) await send();
    if (focus && place.firstChild) {
      place.firstChild.focus();
      place.scrollIntoView({ block: "center" });
    }
  };

  if (drafts.owner && !isOffline) askBeforeLeaving(drafts.owner);
  if (worker && "serviceWorker" in navigator) {
    navigator.serviceWorker.register(worker, { updateViaCache: "none" }).catch(() => {});
  }
  if (form && drafts.owner) await draftForm(form, drafts);
  if (isOffline) {
    const forms = (await all("forms")).filter((one) => one.owner === drafts.owner);
    if (forms.length) document.documentElement.className = forms[0].look;
    offlinePage(document.querySelector("[data-offline-page]"), forms, drafts);
  }
  await render(false);
  if (isOffline) untilSignal();
  else if (navigator.onLine !== false) await send();
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && navigator.onLine !== false) send();
  });
}
