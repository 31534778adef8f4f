// What the cabinet has beyond other pages: readings typed without signal, and its installation as an app.

import { installButton } from "./install.js";
import { offlineDrafts } from "./offline/drafts.js";

document.querySelectorAll("[data-install]").forEach(installButton);
document.querySelectorAll("[data-offline-drafts]").forEach(offlineDrafts);
