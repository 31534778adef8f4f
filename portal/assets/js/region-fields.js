// What depends on the region of an account that is applied for (which company, whose consent) appears as soon as the
// region is chosen. Without scripts it appears when the form has been sent.

const DEPENDING = ".field--company, [class*=field--consent_]";

export function regionFields(form) {
  const region = form.querySelector("select[name=region]");
  if (!region || !window.DOMParser || !window.fetch) return;
  let asked = 0;

  async function renew() {
    asked += 1;
    const mine = asked;
    const typed = new URLSearchParams({ region: region.value });
    const company = form.querySelector("[name=company]:checked");
    if (company) typed.set("company", company.value);
    const answer = await fetch(`${form.dataset.regionFields}?${typed}`, { headers: { Accept: "text/html" } });
    if (!answer.ok || mine !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-region-fields]");
    if (!fresh) return; // the login page: what is missing is said after the form has been sent
    form.querySelectorAll(DEPENDING).forEach((field) => field.remove());
    fresh.querySelectorAll(DEPENDING).forEach((field) => {
      const before = field.matches(".field--company") ? form.querySelector(".field--account_number") : form.querySelector("button[type=submit]");
      before.before(document.importNode(field, true));
    });
  }

  form.addEventListener("change", (event) => {
    if (event.target === region || event.target.name === "company") renew().catch(() => {});
  });
}
