// A browser's subscription to the portal's notifications, and its way to the portal.

export function keyOf(text) {
  const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(raw, (sign) => sign.charCodeAt(0));
}

// Returns the status of the answer: of a page that leads to the login, an error.
export async function saveSubscription(subscription, { address, key, token }) {
  const { endpoint, keys } = subscription.toJSON();
  const body = new URLSearchParams({ endpoint, p256dh: keys.p256dh, auth: keys.auth, key });
  const answer = await fetch(address, {
    method: "POST", body, headers: { "X-CSRFToken": token }, redirect: "manual", cache: "no-store",
  });
  if (!answer.ok) throw new Error(String(answer.status));
}
