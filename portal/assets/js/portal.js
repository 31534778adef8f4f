// Everything works without this file; it only makes things quicker and calmer.

import { countDown } from "./count-down.js";
import { bell } from "./bell.js";
import { billPhoto } from "./bill-photo.js";
import { captcha } from "./captcha.js";
import { closeMenus } from "./menus.js";
import { consumption, sumsAreShown } from "./consumption.js";
import { contactSwitch } from "./contact.js";
import { forgetLeftPages } from "./left-pages.js";
import { mainMenu } from "./main-menu.js";
import { waitForMax } from "./max-link.js";
import { openDialogs } from "./dialog.js";
import { waitForPayment } from "./payment-wait.js";
import { payment } from "./payment.js";
import { photo } from "./photo.js";
import { dial } from "./dial.js";
import { regionFields } from "./region-fields.js";
import { filterRegions } from "./region-filter.js";
import { guardSubmits } from "./submit-guard.js";
import { passwordRules } from "./password-rules.js";
import { resend } from "./resend.js";
import { showPasswords } from "./password.js";
import { refreshSumDue } from "./sum-due.js";

const each = (selector, work) => document.querySelectorAll(selector).forEach(work);

// What must be read first: the list of errors, the note that a reading arrived, the meters that were found.
// New browsers see to it by `autofocus`, which the old ones know for fields only.
const first = document.querySelector("[data-focus]");
if (first && !first.autofocus) first.focus();

// An answer to a form becomes a page that is asked for again like any other: neither the way back nor a reload
// sends the form once more, or shows the browser's own error page.
window.addEventListener("load", () => {
  window.history.replaceState(window.history.state, "", window.location.href);
});

guardSubmits();
forgetLeftPages();
closeMenus();
openDialogs();
each("[data-bell]", bell);
each("[data-captcha]", captcha);
each("[data-meter]", consumption);
each("[data-dial]", dial);
each("[data-menu-toggle]", mainMenu);
each("[data-shown]", sumsAreShown);
each("[data-payment]", payment);
each("[data-photo]", photo);
each("[data-bill-photo]", billPhoto);
each("[data-print]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
each("[data-seconds]", countDown);
each("[data-region-filter]", filterRegions);
each("[data-region-fields]", regionFields);
each("[data-contact]", contactSwitch);
each("[data-resend]", resend);
each("[data-password] input", showPasswords);
each("[data-sum-due]", refreshSumDue);
each("[data-password-rules]", passwordRules);
each("[data-max-waits]", waitForMax);
each("[data-payment-waits]", waitForPayment);
