const plain = (text) => text.toLowerCase().replace(/ё/g, "е").replace(/\s+/g, " ").trim();

export function filterRegions(box) {
  const input = box.querySelector("input");
  const status = box.querySelector("[role=status]");
  const regions = Array.from(document.querySelectorAll("[data-region]"), (item) => [item, plain(item.textContent)]);

  const show = () => {
    const wanted = plain(input.value);
    let found = 0;
    regions.forEach(([item, text]) => {
      item.hidden = !text.includes(wanted);
      if (!item.hidden) found += 1;
    });
    if (!wanted) status.textContent = "";
    else if (found) status.textContent = `Найдено: ${found}`;
    else status.textContent = "Ничего не нашлось. Проверьте, как написан регион.";
  };
  box.hidden = false;
  input.addEventListener("input", show);
  show();
}
