// A short question opens over the page: what stands in `data-dialog-part` of the page that a link or the form of a
// switch leads to. Without scripts, in an old browser or without network, it leads there.

const canShow = () => typeof HTMLDialogElement === "function" && window.DOMParser && window.fetch;

async function part(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.querySelector("[data-dialog-part]");
  if (!answer.ok || !found) throw new Error(address); // the login page, or an error's
  return document.importNode(found, true);
}

function show(content, opener) {
  const dialog = document.createElement("dialog");
  const title = content.querySelector("h1, h2");
  dialog.className = content.dataset.dialogPart === "wide" ? "dialog dialog--wide" : "dialog";
  dialog.setAttribute("aria-label", title.textContent.trim());
  dialog.append(content);
  document.body.append(dialog);
  dialog.addEventListener("click", (event) => {
    if (event.target !== dialog && !event.target.closest("[data-dialog-close]")) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    opener.focus();
  });
  dialog.showModal();
  // The browser goes to the first field or button: a name is typed at once, all else is read first.
  title.tabIndex = -1;
  (content.querySelector("input[type=text]") || title).focus();
}

function open(address, opener) {
  part(address).then((content) => show(content, opener)).catch(() => {
    window.location.href = address;
  });
}

export function openDialogs() {
  if (!canShow()) return;
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("a[data-dialog]");
    if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(opener.href, opener);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-dialog]")) return;
    event.preventDefault();
    open(event.target.action, event.target.querySelector("button"));
  });
}
