// A <details> that serves as a menu closes by Esc, by a touch elsewhere, and when another one opens.

export function closeMenus() {
  const menus = Array.from(document.querySelectorAll("details[data-menu]"));
  const closeOthers = (opened) => menus.forEach((menu) => {
    if (menu !== opened) menu.open = false;
  });
  document.addEventListener("click", (event) => closeOthers(event.target.closest("details[data-menu]")));
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && menus.find((menu) => menu.open);
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
}
