// «Скрыть главное меню» (manual 1, 2.1.4.2). The cookie lets the server draw the next page the same way.

const YEAR = 365 * 24 * 3600;

export function mainMenu(button) {
  const frame = document.querySelector("[data-main-menu]");
  const show = () => {
    const hidden = frame.classList.contains("cabinet--menu-hidden");
    button.setAttribute("aria-expanded", String(!hidden));
    button.title = hidden ? "Показать главное меню" : "Скрыть главное меню";
    button.querySelector("[data-words]").textContent = button.title;
  };

  button.addEventListener("click", () => {
    const hidden = frame.classList.toggle("cabinet--menu-hidden");
    document.cookie = `main_menu=hidden; path=/cabinet/; samesite=lax; max-age=${hidden ? YEAR : 0}`;
    show();
  });
  show();
  button.hidden = false;
}
