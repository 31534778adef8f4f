// The service worker of /cabinet/: without signal it shows a page that is nobody's. The network always goes first,
// so an old version of anything cannot hold on; pages of people and answers to forms are never cached.

import { sendDrafts } from "./offline/sending.js";

const { version, page, files, identity } = self.SHELL;
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
