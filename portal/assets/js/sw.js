// The service worker of /cabinet/: without signal it shows a page that is nobody's. The network always goes first,
// so an old version of anything cannot hold on; pages of people and answers to forms are never cached.
// And it shows what the portal sends to this browser (docs/decisions/0048).

import { identity as person, sendDrafts } from "./offline/sending.js";
import { keyOf, saveSubscription } from "./push/subscription.js";

const { version, page, files, identity, name, icon, notifications, push } = self.SHELL;
const CACHE = `shell-${version}`;

async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll(files.map((file) => new Request(file, { credentials: "omit", cache: "no-cache" })));
  await self.skipWaiting();
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  if (self.registration.navigationPreload) await self.registration.navigationPreload.enable();
  await self.clients.claim();
}

async function orElse(request, preloaded, spare) {
  try {
    return (await preloaded) || (await fetch(request));
  } catch (error) {
    const cached = await caches.match(spare, { ignoreVary: true });
    if (cached) return cached;
    throw error;
  }
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(orElse(request, event.preloadResponse, page));
  else if (files.includes(pathname + search)) event.respondWith(orElse(request, null, pathname + search));
});
self.addEventListener("sync", (event) => {
  if (event.tag === "readings") event.waitUntil(sendDrafts(identity));
});

// Whatever comes has to be shown: browsers take the right away from sites that stay silent.
async function showPush(data) {
  let said = {};
  try {
    said = data.json();
  } catch {
    // Nothing, or nothing that can be read: somebody may look into the cabinet all the same.
  }
  await self.registration.showNotification(said.title || "Новое уведомление", {
    body: name,
    icon,
    tag: said.path || notifications,
    renotify: true,
    data: { path: said.path || notifications },
  });
  const pages = await self.clients.matchAll({ type: "window" });
  pages.forEach((one) => one.postMessage("bell"));
}

// Only a page of this host, whatever the message says.
function pageAddress(path) {
  const address = new URL(path, self.location.origin);
  return address.origin === self.location.origin ? address.href : new URL(notifications, self.location.origin).href;
}

async function openPage(path) {
  const address = pageAddress(path);
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((one) => one.url === address);
  if (there) await there.focus();
  else await self.clients.openWindow(address);
}

// The browser's maker has given it another address.
async function subscribeAgain() {
  const subscription = await self.registration.pushManager.subscribe({
    userVisibleOnly: true, applicationServerKey: keyOf(push.key),
  });
  const { token } = await person(identity);
  await saveSubscription(subscription, { address: push.address, key: push.key, token });
}

self.addEventListener("push", (event) => event.waitUntil(showPush(event.data)));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openPage(event.notification.data.path));
});
self.addEventListener("pushsubscriptionchange", (event) => {
  if (push.key) event.waitUntil(subscribeAgain().catch(() => {}));
});
