// Ticks beside the rules that a new password keeps already. The server has the last word (passwords.py).

const digits = (text) => text.replace(/\D/g, "");

function holdsContact(password, form) {
  const shown = (name) => {
    const input = form.querySelector(`[name=${name}]`);
    return input && !input.closest("[hidden]") ? input.value.trim().toLowerCase() : "";
  };
  const phone = digits(shown("phone")).slice(-10);
  if (phone.length === 10 && digits(password).includes(phone)) return true;
  const name = shown("email").split("@")[0];
  return [name, ...name.split(/[^a-zа-яё]+/)].some((piece) => piece.length > 3 && password.toLowerCase().includes(piece));
}

export function passwordRules(list) {
  const input = list.closest(".field").querySelector("input");
  const met = {
    length: (password) => password.length >= 8,
    digits: (password) => /\D/.test(password),
    contact: (password) => !holdsContact(password, input.form),
  };
  const show = () => {
    list.querySelectorAll("[data-rule]").forEach((item) => {
      const rule = met[item.dataset.rule];
      if (rule) item.classList.toggle("rules__met", input.value !== "" && rule(input.value));
    });
  };
  input.form.addEventListener("input", show);
  show();
}
