// A photo of a bill is sent as soon as it is chosen, and the page says that it is being read.

const MEGABYTE = 1024 * 1024;
const LIMIT = 20 * MEGABYTE;

export function billPhoto(form) {
  const error = form.querySelector("[data-bill-photo-error]");
  const status = form.querySelector("[data-bill-photo-status]");
  form.classList.add("bill-photo--at-once");

  form.addEventListener("change", (event) => {
    const file = event.target.files && event.target.files[0];
    if (!file) return;
    error.hidden = file.size <= LIMIT;
    if (!error.hidden) {
      error.textContent = `Фото больше 20\u00a0МБ (${Math.round(file.size / MEGABYTE)}\u00a0МБ). Сделайте снимок поменьше или введите номер лицевого счёта сами.`;
      form.reset();
      return;
    }
    status.textContent = "Отправляем фото и читаем QR-код…";
    form.classList.add("bill-photo--reading");
    form.submit();
  });
  // The way back shows the page as it was left.
  window.addEventListener("pageshow", () => {
    status.textContent = "";
    form.classList.remove("bill-photo--reading");
    form.reset();
  });
}
