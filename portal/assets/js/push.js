// «Уведомления в браузере»: the button that lets this browser show them, where it can.

import { keyOf, saveSubscription } from "./push/subscription.js";

const LONGEST_WAIT = 30_000;
const place = document.querySelector("[data-push]");
const part = (name) => place.querySelector(`[data-push-${name}]`);
const canPush = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

function say(name) {
  ["none", "iphone", "denied", "failed", "old"].forEach((one) => { part(one).hidden = one !== name; });
  if (name) part(name).focus();
}

function isSameKey(subscription, key) {
  const used = subscription.options && subscription.options.applicationServerKey;
  if (!used) return true; // old browsers do not say
  const bytes = new Uint8Array(used);
  return bytes.length === key.length && bytes.every((one, index) => one === key[index]);
}

// The worker is registered by the scripts of the cabinet; a subscription waits until it works.
async function worker() {
  await navigator.serviceWorker.register(place.dataset.worker, { updateViaCache: "none" });
  return navigator.serviceWorker.ready;
}

async function subscribe() {
  const key = keyOf(place.dataset.key);
  const { pushManager } = await worker();
  const earlier = await pushManager.getSubscription();
  if (earlier && !isSameKey(earlier, key)) await earlier.unsubscribe();
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  await saveSubscription(subscription, {
    address: place.dataset.address,
    key: place.dataset.key,
    token: place.querySelector("[name=csrfmiddlewaretoken]").value,
  });
}

// Without a way to its maker's service a browser waits for ever.
function inTime(work) {
  const late = new Promise((_, reject) => { window.setTimeout(() => reject(new Error("no answer")), LONGEST_WAIT); });
  return Promise.race([work, late]);
}

async function switchOn(button) {
  const { textContent } = button;
  button.disabled = true;
  say("");
  try {
    const answer = await Notification.requestPermission();
    if (answer === "granted") {
      button.textContent = button.dataset.busy;
      await inTime(subscribe());
      window.location.reload();
      return;
    }
    if (answer === "denied") say("denied");
  } catch (error) {
    say(error.message === "409" ? "old" : "failed");
  }
  button.textContent = textContent;
  button.disabled = false;
}

// What an earlier person, or an earlier «yes», has left in the browser: nobody writes there any more.
async function forgetLeft() {
  const registration = await navigator.serviceWorker.getRegistration();
  const left = registration && registration.pushManager && (await registration.pushManager.getSubscription());
  if (left) await left.unsubscribe();
}

async function isSubscribed() {
  const registration = await navigator.serviceWorker.getRegistration();
  return Boolean(registration && (await registration.pushManager.getSubscription()));
}

async function begin() {
  const isOn = "on" in place.dataset;
  const isIphone = /iPhone|iPad/.test(navigator.userAgent);
  if (!canPush) say(isIphone ? "iphone" : "none");
  else if (Notification.permission === "denied") say("denied");
  else if (!isOn || !(await isSubscribed())) {
    if (!isOn) await forgetLeft();
    const button = part("button");
    button.hidden = false;
    button.addEventListener("click", () => switchOn(button));
  }
}

if (place) begin().catch(() => say("failed"));
