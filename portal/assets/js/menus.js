// A <details> that serves as a menu closes by Esc, by a touch elsewhere, and when another one opens. It opens where
// the present account is; Home and End lead past the others, however many there are.

const ENDS = { Home: 0, End: -1 };

function show(menu) {
  const current = menu.open && menu.querySelector("[aria-current]");
  if (current && current.scrollIntoView) current.scrollIntoView({ block: "nearest" });
}

function leadTo(menu, key) {
  const items = Array.from(menu.querySelectorAll(".menu-list a, .menu-list button"));
  const [item] = items.slice(ENDS[key]);
  if (item) item.focus();
}

export function closeMenus() {
  const menus = Array.from(document.querySelectorAll("details[data-menu]"));
  const closeOthers = (opened) => menus.forEach((menu) => {
    if (menu !== opened) menu.open = false;
  });
  document.addEventListener("click", (event) => closeOthers(event.target.closest("details[data-menu]")));
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && menus.find((menu) => menu.open);
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
    const menu = event.key in ENDS && document.activeElement.closest("details[data-menu][open]");
    if (menu) {
      event.preventDefault();
      leadTo(menu, event.key);
    }
  });
  menus.forEach((menu) => menu.addEventListener("toggle", () => show(menu)));
}
