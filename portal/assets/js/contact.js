// Email or telephone: the link beside the field changes it on the spot, and what else was typed stays.

export function contactSwitch(box) {
  const by = box.querySelector("[name=by]");
  box.addEventListener("click", (event) => {
    const link = event.target.closest("[data-contact-to]");
    if (!link) return;
    event.preventDefault();
    by.value = link.dataset.contactTo;
    box.querySelectorAll("[data-contact-kind]").forEach((part) => {
      part.hidden = part.dataset.contactKind !== by.value;
      if (!part.hidden) part.querySelector("input").focus();
    });
    by.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
