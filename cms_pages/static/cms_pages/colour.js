// Shows a typed colour, and lets it be picked. Contrast as in cms_pages/brand/colours.py.
(() => {
  const GROUNDS = ["#ffffff", "#f3f6f8"];
  const NEEDED = 4.5;
  const SOFT = 0.08;

  const read = (typed) => {
    const match = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/i.exec(typed.trim());
    if (!match) return null;
    const digits = match[1].length === 6 ? match[1] : match[1].replace(/./g, "$&$&");
    return `#${digits.toLowerCase()}`;
  };
  const parts = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  const light = (rgb) => {
    const [red, green, blue] = rgb.map((part) =>
      part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const worst = (colour) => {
    const rgb = parts(colour);
    const soft = rgb.map((part) => part * SOFT + 1 - SOFT);
    return Math.min(...[...GROUNDS.map(parts), soft].map((ground) => contrast(rgb, ground)));
  };

  const set = (field) => {
    const text = field.querySelector("input:not([type=color])");
    const pick = field.querySelector("[data-colour-pick]");
    const swatch = field.querySelector("[data-colour-swatch]");
    const said = field.querySelector("[data-colour-said]");
    const show = () => {
      const colour = read(text.value);
      swatch.hidden = !colour;
      said.textContent = "";
      if (!colour) return;
      pick.value = colour;
      swatch.style.backgroundColor = colour;
      if (!field.hasAttribute("data-colour-text")) return;
      const found = worst(colour);
      // A sample that cannot be read shows the colour alone.
      swatch.textContent = found < NEEDED ? "" : "Кнопка";
      const shown = (Math.floor(found * 100) / 100).toFixed(2).replace(".", ",");
      said.textContent =
        found < NEEDED
          ? `Контраст ${shown}: надписи не прочесть, нужно не меньше 4,5`
          : `Контраст ${shown}: надписи читаются`;
    };
    pick.hidden = false;
    text.addEventListener("input", show);
    pick.addEventListener("input", () => {
      text.value = pick.value;
      text.dispatchEvent(new Event("change", { bubbles: true }));
      show();
    });
    show();
  };

  const start = () => document.querySelectorAll("[data-colour]").forEach(set);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
