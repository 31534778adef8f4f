// «Я не робот»: the work that ALTCHA asks for (docs/decisions/0006). Without it the question stays.
// The browser's own cryptography runs beside the page, so nothing freezes and no worker is needed.

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const fromHex = (text) => new Uint8Array(text.match(/../g).map((pair) => parseInt(pair, 16)));

async function solve(subtle, { parameters, signature }) {
  const nonce = fromHex(parameters.nonce);
  const settings = {
    name: "PBKDF2",
    hash: parameters.algorithm.replace("PBKDF2/", ""),
    salt: fromHex(parameters.salt),
    iterations: parameters.cost,
  };
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  const started = Date.now();
  for (let counter = 0; ; counter += 1) {
    new DataView(password.buffer).setUint32(nonce.length, counter);
    const key = await subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derivedKey = hex(new Uint8Array(await subtle.deriveBits(settings, key, parameters.keyLength * 8)));
    if (derivedKey.startsWith(parameters.keyPrefix)) {
      const solution = { counter, derivedKey, time: Date.now() - started };
      return btoa(JSON.stringify({ challenge: { parameters, signature }, solution }));
    }
  }
}

export function captcha(place) {
  const subtle = window.crypto && window.crypto.subtle; // only where the connection is secure
  if (!subtle) return;
  const challenge = JSON.parse(place.dataset.parameters);
  const question = place.querySelector("[data-captcha-question]");
  const answer = question.querySelector("input");
  const proof = place.querySelector("[name$=_proof]");

  const box = Object.assign(document.createElement("input"), { type: "checkbox", id: answer.id });
  const label = document.createElement("label");
  label.htmlFor = box.id;
  label.textContent = "Я не робот";
  const row = document.createElement("div");
  row.className = "choice";
  row.append(box, label);
  const status = document.createElement("p");
  status.className = "captcha__status";
  status.setAttribute("role", "status");
  answer.id += "_answer";
  question.querySelector("label").htmlFor = answer.id;
  question.hidden = true;
  place.prepend(row, status);

  let working = false;
  let waiting = false; // somebody has pressed the button of the form meanwhile

  function send() {
    if (box.form.requestSubmit) box.form.requestSubmit();
    else box.form.submit();
  }

  box.addEventListener("change", async () => {
    if (!box.checked) {
      proof.value = "";
      status.textContent = "";
      return;
    }
    if (working) return;
    working = true;
    status.textContent = "Проверяем…";
    try {
      const solved = await solve(subtle, challenge);
      proof.value = box.checked ? solved : "";
      status.textContent = box.checked ? "Готово" : "";
    } catch (error) {
      row.hidden = true;
      question.hidden = false;
      answer.focus();
      status.textContent = "Проверка не удалась. Ответьте, пожалуйста, на вопрос.";
      waiting = false;
    }
    working = false;
    if (waiting) send();
  });

  box.form.addEventListener("submit", (event) => {
    if (!working) return;
    event.preventDefault();
    waiting = true;
  });
}
