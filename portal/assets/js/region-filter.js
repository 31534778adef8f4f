// The choice of region while typing: the server finds, as it does for the button. When it cannot be asked,
// the button remains.

const PAUSE = 250; // milliseconds without a key

export function filterRegions(form) {
  const input = form.querySelector("input[type=search]");
  let timer;
  let asked = input.value.trim();

  const ask = async () => {
    const wanted = input.value.trim();
    if (wanted === asked) return;
    asked = wanted;
    const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    try {
      const answer = await fetch(address, { redirect: "error" });
      if (!answer.ok || asked !== wanted) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelectorAll("[data-regions]");
      const places = document.querySelectorAll("[data-regions]");
      if (found.length !== places.length || asked !== wanted) return;
      places.forEach((place, number) => {
        place.innerHTML = found[number].innerHTML;
      });
      window.history.replaceState(null, "", address);
    } catch {
      asked = null;
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
}
