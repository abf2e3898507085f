// Sends a large file part by part and shows how far it is. Without it the form sends the file whole.
(() => {
  const form = document.getElementById("bring");
  if (!form) return;
  const told = document.getElementById("bring-told");
  const [bar, words] = [told.querySelector("progress"), told.querySelector("span")];
  const token = form.querySelector("input[name=csrfmiddlewaretoken]").value;
  const tries = 5;

  function show(text, share) {
    told.hidden = false;
    bar.hidden = share === null;
    if (share !== null) bar.value = share;
    words.textContent = text;
  }

  async function post(url, body) {
    for (let left = tries; ; left--) {
      try {
        const headers = { "X-CSRFToken": token };
        if (body instanceof Blob) headers["Content-Type"] = "application/octet-stream";
        return await fetch(url, { method: "POST", headers, body, redirect: "error" });
      } catch (fault) {
        // A part that came twice is once: it is safe to send it again.
        if (left <= 1) throw fault;
        await new Promise((resolve) => setTimeout(resolve, (tries - left + 1) * 1000));
      }
    }
  }

  async function send(file) {
    const begun = new FormData();
    begun.append("size", file.size);
    if (form.elements.routes.checked) begun.append("routes", "keep");
    let answer = await (await post(form.dataset.begin, begun)).json();
    const next = answer.next;
    while (next && !answer.done && !answer.told) {
      const from = answer.received;
      show(`${form.dataset.sending}: ${Math.floor((100 * from) / file.size)} %`, (100 * from) / file.size);
      const part = file.slice(from, from + Number(form.dataset.part));
      answer = await (await post(`${next}?from=${from}`, part)).json();
    }
    if (answer.done) location.assign(answer.done);
    else show(answer.told, null);
  }

  form.addEventListener("submit", async (event) => {
    const file = form.querySelector("input[type=file]").files[0];
    if (!file) return;
    event.preventDefault();
    if (file.size > Number(form.dataset.most)) return show(form.dataset.large, null);
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      await send(file);
    } catch {
      show(form.dataset.broken, null);
    }
    button.disabled = false;
  });
})();
