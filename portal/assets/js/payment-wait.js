// The page of a payment waits for its outcome: it looks often at first, and while somebody sees it.

const OFTEN = 2500;
const SELDOM = 10_000;
const OFTEN_UNTIL = 2 * 60 * 1000;
const LONGEST = 70 * 60 * 1000; // a QR code is good for an hour

export function waitForPayment(place) {
  const begin = Date.now();
  place.querySelector("[data-payment-by-itself]").hidden = false;

  const look = async () => {
    const passed = Date.now() - begin;
    if (passed > LONGEST) return;
    if (!document.hidden) {
      try {
        const answer = await fetch(place.dataset.paymentWaits, { redirect: "error" });
        if (answer.ok && (await answer.json()).state !== place.dataset.paymentState) {
          window.location.reload();
          return;
        }
      } catch {
        // No connection: the next look, or the button, will tell.
      }
    }
    window.setTimeout(look, passed < OFTEN_UNTIL ? OFTEN : SELDOM);
  };

  window.setTimeout(look, 1000);
}
