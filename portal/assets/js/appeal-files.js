// Files go as soon as they are chosen, one after another, with a bar that says how far each is.

const MEGABYTE = 1024 * 1024;

const size = (bytes) =>
  bytes < MEGABYTE ? `${Math.max(1, Math.round(bytes / 1024))}\u00a0КБ` : `${(bytes / MEGABYTE).toFixed(1).replace(".", ",")}\u00a0МБ`;

const make = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text || "" });

export function appealFiles(part) {
  const form = part.closest("form");
  const input = part.querySelector("input[type=file]");
  const list = part.querySelector("[data-files-list]");
  const errors = part.querySelector("[data-files-errors]");
  const formats = part.dataset.formats.split(", ");
  const most = Number(part.dataset.most);
  const limit = Number(part.dataset.bytes);
  const queue = [];
  let isBusy = false;
  let waiting = null;
  const status = make("p", "visually-hidden");
  status.setAttribute("role", "status");
  part.append(status);

  const refuse = (text) => {
    const row = make("div", "field__error");
    row.append(make("div", "", text));
    errors.append(row);
    part.classList.add("field--error");
  };
  const fields = () => {
    const data = new FormData();
    ["csrfmiddlewaretoken", "form_key"].forEach((name) => form.elements[name] && data.append(name, form.elements[name].value));
    if (part.dataset.line) data.append("line", part.dataset.line);
    return data;
  };
  const fault = (file) => {
    const dot = file.name.lastIndexOf(".");
    const extension = dot < 0 ? "" : file.name.slice(dot + 1).toLowerCase();
    if (!file.size) return "Файл пустой. Проверьте, тот ли он, и выберите другой.";
    if (file.size > limit) return `В нём ${size(file.size)}, а можно не больше ${limit / MEGABYTE}\u00a0МБ.`;
    if (!formats.includes(extension)) return `Подойдут форматы: ${part.dataset.formats}.`;
    return "";
  };

  const finish = () => {
    isBusy = false;
    if (queue.length) {
      send(queue.shift());
    } else if (waiting) {
      const button = waiting;
      waiting = null;
      button.click();
    }
  };
  const lost = (row, file, text) => {
    row.remove();
    waiting = null; // the person decides whether it goes without the file
    refuse(`«${file.name}» не приложен. ${text}`);
    finish();
  };
  const done = (row, stored) => {
    const remove = make("button", "btn btn-link", "Убрать");
    remove.type = "submit";
    remove.name = "remove";
    remove.value = stored.id;
    remove.append(make("span", "visually-hidden", ` файл ${stored.name}`));
    row.textContent = "";
    row.append(make("span", "break", stored.name), " ", make("span", "muted nowrap", size(stored.size)), " ", remove);
    status.textContent = `Файл ${stored.name} приложен`;
  };
  const send = ({ file, row }) => {
    isBusy = true;
    const bar = make("progress", "");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", `Отправляем ${file.name}`);
    row.append(bar);
    const data = fields();
    data.append("file", file);
    const request = new XMLHttpRequest();
    request.open("POST", part.dataset.files);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
    });
    request.addEventListener("error", () => lost(row, file, "Связь прервалась. Выберите его ещё раз."));
    request.addEventListener("load", () => {
      let answer = null;
      try {
        answer = JSON.parse(request.responseText);
      } catch (error) {
        answer = { error: "" };
      }
      if (answer.id) {
        done(row, answer);
        finish();
        return;
      }
      if (answer.error) {
        row.remove();
        waiting = null;
        refuse(answer.error);
        finish();
        return;
      }
      lost(row, file, "Сервер его не принял. Обновите страницу и попробуйте ещё раз: написанное сохранится.");
    });
    request.send(data);
  };

  input.addEventListener("change", () => {
    const chosen = Array.from(input.files);
    input.value = "";
    errors.textContent = "";
    part.classList.remove("field--error");
    const there = list.children.length;
    if (there + chosen.length > most) {
      const already = there ? `, и уже приложено: ${there}` : "";
      refuse(`Вы выбрали файлов: ${chosen.length}${already}, а можно не больше ${most}. Новые файлы не приложены: выберите меньше.`);
      return;
    }
    chosen.forEach((file) => {
      const text = fault(file);
      if (text) {
        refuse(`«${file.name}» не приложен. ${text}`);
        return;
      }
      const row = make("li", "");
      row.append(make("span", "break", file.name), " ", make("span", "muted nowrap", size(file.size)));
      list.append(row);
      queue.push({ file, row });
    });
    if (!isBusy) finish();
  });

  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=remove]");
    if (!button) return;
    event.preventDefault();
    const data = fields();
    data.append("remove", button.value);
    fetch(part.dataset.files, { method: "post", body: data, credentials: "same-origin" }).then((answer) => {
      if (!answer.ok || answer.redirected) return;
      button.closest("li").remove();
      status.textContent = "Файл убран";
      input.focus();
    });
  });

  // A form that is sent waits for its files.
  form.addEventListener("submit", (event) => {
    if (!isBusy) return;
    event.preventDefault();
    waiting = event.submitter || form.querySelector("button[type=submit]");
    status.textContent = "Дождёмся, пока отправятся файлы";
  });
}
