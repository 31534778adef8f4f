// What the cabinet has beyond other pages: readings that wait for signal, and its installation as an app.

import { installButton } from "./install.js";
import { keptReadings } from "./kept/page.js";

document.querySelectorAll("[data-install]").forEach(installButton);
document.querySelectorAll("[data-kept]").forEach(keptReadings);
