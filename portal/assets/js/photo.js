// A photo that the server would refuse is told of before it is sent over a slow line.

const MEGABYTE = 1024 * 1024;
const LIMIT = 20 * MEGABYTE;

export function photo(control) {
  const input = control.querySelector("input[type=file]");
  if (!input) return;
  const note = document.createElement("p");
  note.className = "field__error";
  note.setAttribute("role", "alert");
  note.hidden = true;
  control.after(note);

  input.addEventListener("change", () => {
    const file = input.files[0];
    note.hidden = !file || file.size <= LIMIT;
    if (note.hidden) return;
    note.textContent = `Фото больше 20\u00a0МБ (${Math.round(file.size / MEGABYTE)}\u00a0МБ). Выберите снимок поменьше или передайте показание без фото.`;
    input.value = "";
  });
}
