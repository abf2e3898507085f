// Warns before a quiet session ends, and lengthens it on a press. Without it the session ends all the same.
(() => {
  const notice = document.getElementById("session-notice");
  const token = document.querySelector("input[name=csrfmiddlewaretoken]");
  if (!notice || !token) return;
  const warn = Number(notice.dataset.warn);
  let timer;

  function plan(seconds) {
    clearTimeout(timer);
    notice.hidden = seconds > warn;
    const wait = notice.hidden ? seconds - warn : seconds;
    timer = setTimeout(() => ask(false), (wait + 1) * 1000);
  }

  async function ask(stay) {
    const headers = { "X-CSRFToken": token.value };
    if (!stay) headers["X-Poll"] = "1";
    let answer;
    try {
      answer = await fetch(notice.dataset.url, { method: "POST", headers, redirect: "manual" });
    } catch {
      timer = setTimeout(() => ask(stay), 10_000);
      return;
    }
    if (!answer.ok) return location.assign(notice.dataset.ended);
    plan((await answer.json()).seconds);
  }

  notice.querySelector("button").addEventListener("click", () => ask(true));
  plan(Number(notice.dataset.left));
})();
