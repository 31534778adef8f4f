export function showPasswords(input) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-outline-primary";
  button.setAttribute("aria-controls", input.id);

  const row = document.createElement("div");
  row.className = "password";
  input.replaceWith(row);
  row.append(input, button);

  const set = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? "Скрыть" : "Показать";
    button.setAttribute("aria-label", shown ? "Скрыть пароль" : "Показать пароль");
  };
  set(false);
  button.addEventListener("click", () => set(input.type === "password"));
  // Browsers remember passwords by the type of the field.
  if (input.form) input.form.addEventListener("submit", () => set(false));
}
