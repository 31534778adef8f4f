// Sends what waits, in the page and, where the browser has Background Sync, without one. Sending twice does no
// harm: a draft's id is its idempotency key, and the server answers with the same acknowledgement.

import { all, change } from "./store.js";

const LONGEST_WAIT = 10_000; // a cellar's signal may swallow a request without an answer

async function ask(address, options) {
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error("no answer")), LONGEST_WAIT);
  });
  const request = fetch(address, { redirect: "manual", cache: "no-store", ...options });
  return Promise.race([request, late]);
}

// {owner, token} of the person logged in; throws where there is no signal, or another site answers instead.
export async function identity(address) {
  const answer = await ask(address);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function send(reading, token) {
  const body = new URLSearchParams(Object.assign({}, ...Object.values(reading.meters).map((one) => one.fields)));
  body.set("owner", reading.owner);
  body.set("idempotency_key", reading.id);
  // Not the moment: a clock that stands wrong goes as fast as a right one.
  body.set("age", String(Math.max(0, Math.round((Date.now() - reading.typedAt) / 1000))));
  const answer = await ask(reading.url, { method: "POST", body, headers: { "X-CSRFToken": token } });
  if (answer.status === 404) return { problem: "Этот лицевой счёт больше не\u00a0привязан к\u00a0вашему кабинету." };
  if (!answer.ok) throw new Error(String(answer.status));
  const said = await answer.json();
  return { state: said.status, answer: said };
}

async function sendAll(address) {
  const waiting = (await all("readings")).filter((one) => one.state === "waiting");
  if (!waiting.length) return;
  const { owner, token } = await identity(address);
  waiting.sort((one, other) => one.typedAt - other.typedAt);
  for (const reading of waiting) {
    if (reading.owner === owner) await change(reading.id, await send(reading, token));
  }
}

// Of two tabs the second waits, where browsers can.
export function sendDrafts(address) {
  if (!navigator.locks) return sendAll(address);
  return navigator.locks.request("offline drafts", () => sendAll(address));
}
