// The state of each draft: waiting, asked about, or accepted. Never mistaken for one another.

import { change, remove } from "./store.js";

const SVG = "http://www.w3.org/2000/svg";

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function iconOf(icons, name) {
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("class", "icon");
  icon.setAttribute("aria-hidden", "true");
  icon.append(document.createElementNS(SVG, "use"));
  icon.firstChild.setAttribute("href", `${icons}#${name}`);
  return icon;
}

export function notice(place, { kind, icon, title, lines = [], actions = [] }) {
  const made = element("div", `notice notice--${kind}`);
  made.tabIndex = -1;
  const body = element("div", "notice__body");
  if (title) body.append(element("p", "notice__title", title));
  lines.filter(Boolean).forEach((line) => body.append(element("p", "", line)));
  if (actions.length) {
    const row = element("div", "button-row");
    row.append(...actions);
    body.append(row);
  }
  made.append(iconOf(place.dataset.icons, icon), body);
  place.append(made);
  return made;
}

function link(text, href) {
  const made = element("a", "btn btn-outline-primary", text);
  made.href = href;
  return made;
}

function button(text, work) {
  const made = element("button", "btn btn-outline-primary", text);
  made.type = "button";
  made.addEventListener("click", work);
  return made;
}

const moment = (time) => new Date(time).toLocaleString("ru-RU", {
  day: "numeric", month: "long", hour: "2-digit", minute: "2-digit",
});

export function show(place, readings, { again, toLogin }) {
  place.textContent = "";
  readings.forEach((reading) => {
    const { id, state, answer, label, meters, typedAt, problem } = reading;
    const lines = Object.values(meters).map((one) => one.line);
    const typed = `Набрано ${moment(typedAt)}.`;
    const drop = button("Удалить", async () => {
      if (!window.confirm("Удалить показание? Мы его не\u00a0отправим.")) return;
      await remove("readings", id);
      again();
    });
    if (state === "accepted") {
      notice(place, {
        kind: "success",
        icon: "check",
        title: `Сохранённые показания приняты, №\u00a0${answer.number}`,
        lines: [label, ...answer.lines, answer.when],
        actions: [link("Открыть подтверждение", answer.url)],
      });
      change(id, { seen: true });
    } else if (state === "asks") {
      const open = answer.day ? [link("Проверить и\u00a0отправить", `${reading.page}#draft=${id}`)] : [];
      notice(place, {
        kind: "danger",
        icon: "alert",
        title: "Сохранённое показание пока не\u00a0принято",
        lines: [label, ...lines, typed, answer.text],
        actions: [...open, drop],
      });
    } else {
      notice(place, {
        kind: "warning",
        icon: "alert",
        title: "Сохранено, но\u00a0ещё не\u00a0отправлено",
        lines: [label, ...lines, typed, problem || (toLogin
          ? "Отправим, когда вы\u00a0войдёте в\u00a0кабинет."
          : "Отправим, когда появится связь. Для этого откройте кабинет на\u00a0этом\u00a0же устройстве.")],
        actions: [...(toLogin ? [link("Войти", "/cabinet/")] : []), drop],
      });
    }
  });
}
