// What a page does by itself: times in the reader's zone, copying, the menu, and live blocks.
// Everything works without it, only less conveniently.
"use strict";

const language = document.documentElement.lang || "en";
const format = new Intl.DateTimeFormat(language, {
  year: "numeric", month: "2-digit", day: "2-digit",
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const clock = new Intl.DateTimeFormat(language, {
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});

/** Shows a time in the reader's zone; the exact one stays in the title. */
function localise(root) {
  const today = new Date().toDateString();
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    time.textContent = (at.toDateString() === today ? clock : format).format(at);
    time.title = time.dateTime;
  }
}

/** Says something in passing, also to a screen reader. */
function say(text) {
  const said = document.getElementById("said");
  said.textContent = text;
  said.classList.add("on");
  setTimeout(() => said.classList.remove("on"), 1600);
}

document.addEventListener("click", (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy && navigator.clipboard) {
    navigator.clipboard.writeText(copy.dataset.copy)
      .then(() => say(document.getElementById("said").dataset.copied));
  }
  const menu = event.target.closest("button.menu");
  if (menu) {
    const open = document.getElementById("nav").classList.toggle("open");
    menu.setAttribute("aria-expanded", String(open));
  }
  const person = document.querySelector("details.person[open]");
  if (person && !person.contains(event.target)) {
    person.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  const search = document.querySelector(".search input");
  if (event.key === "/" && !typing && search && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
  }
  if (event.key === "Escape") {
    const person = document.querySelector("details.person[open]");
    if (person) {
      person.open = false;
      person.querySelector("summary").focus();
    }
  }
});

/** The theme link offers the other theme, whatever the present one came from. */
function offerTheme() {
  const link = document.querySelector("a.theme");
  if (!link) {
    return;
  }
  const chosen = document.documentElement.dataset.theme;
  const dark = chosen === "dark"
    || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  link.href = dark ? link.dataset.light : link.dataset.dark;
  link.querySelector(".pi").className = dark ? "pi pi-sun" : "pi pi-moon";
}

/**
 * Live blocks: new rows go on top, but never under the pointer or a keyboard's focus and never
 * while the reader has scrolled on; then they wait behind a button that says how many.
 */
function live(feed) {
  const table = feed.querySelector("tbody");
  const pill = feed.querySelector(".pill");
  const state = feed.querySelector(".live-state");
  const template = table.querySelector("tr");
  const members = document.querySelectorAll(".member").length;
  const most = Number(table.dataset.rows);
  let waiting = [];
  let pause = 1000;
  let inside = false;
  const refresh = refresher();
  table.addEventListener("pointerenter", () => { inside = true; });
  table.addEventListener("pointerleave", () => { inside = false; settle(); });
  pill.addEventListener("click", () => { show(); });

  const busy = () => inside || table.contains(document.activeElement)
    || feed.getBoundingClientRect().top < 0;
  const settle = () => { if (!busy()) { show(); } };

  function show() {
    const empty = feed.querySelector(".empty");
    if (empty && waiting.length > 0) {
      empty.remove();
    }
    for (const block of waiting.slice(-most)) {
      table.prepend(row(block));
    }
    waiting = [];
    while (table.rows.length > most) {
      table.lastElementChild.remove();
    }
    localise(table);
    pill.hidden = true;
  }

  function cell(text, number) {
    const td = document.createElement("td");
    td.textContent = text;
    if (number) { td.className = "n"; }
    return td;
  }

  /** An identifier as in id.xhtml, for the first block of a list that was empty. */
  function plainId() {
    const td = document.createElement("td");
    const id = document.createElement("span");
    id.className = "id";
    const link = document.createElement("a");
    link.className = "mono short";
    id.append(link);
    td.append(id);
    return td;
  }

  function row(block) {
    const tr = document.createElement("tr");
    tr.className = "new";
    const height = cell("", true);
    const link = document.createElement("a");
    link.href = "/block/" + block.height;
    link.textContent = block.height;
    height.append(link);
    const hash = template ? template.cells[1].cloneNode(true) : plainId();
    const anchor = hash.querySelector("a");
    anchor.href = "/block/" + block.hash;
    anchor.textContent = block.hash;
    hash.querySelector(".id").title = block.hash;
    if (template) {
      hash.querySelector("[data-copy]").dataset.copy = block.hash;
    }
    const votes = cell(block.voters.length + " / " + members);
    votes.title = block.voters.join(", ");
    const at = cell("");
    const time = document.createElement("time");
    time.dateTime = block.finalAt;
    at.append(time);
    const latency = Math.max(0, new Date(block.finalAt) - new Date(block.time));
    tr.append(height, hash, cell(block.entryCount, true), cell(block.proposer), votes, at,
      cell(latency + " ms", true));
    return tr;
  }

  function online(on) {
    state.classList.toggle("on", on);
    state.querySelector(".text").textContent = on ? feed.dataset.on : feed.dataset.off;
  }

  function connect() {
    const scheme = location.protocol === "https:" ? "wss://" : "ws://";
    const socket = new WebSocket(scheme + location.host + feed.dataset.feed);
    socket.onopen = () => { pause = 1000; online(true); };
    socket.onmessage = (event) => {
      const block = JSON.parse(event.data);
      waiting.push(block);
      document.getElementById("height").textContent = block.height;
      const tipAt = document.querySelector("#height + dd time");
      if (tipAt) {
        tipAt.dateTime = block.finalAt;
        localise(tipAt.parentElement);
      }
      refresh();
      if (busy()) {
        pill.textContent = feed.dataset.more.replace("{0}", waiting.length);
        pill.hidden = false;
      } else {
        show();
      }
    };
    socket.onclose = () => {
      online(false);
      setTimeout(connect, pause);
      pause = Math.min(pause * 2, 30000);
    };
  }
  connect();
  // A member that falls silent makes no block.
  setInterval(refresh, 10000);
}

/**
 * Figures, members and charts as the server now shows them; at most every two seconds, and only
 * while somebody looks: a page left open must not keep its session alive.
 */
function refresher() {
  const attention = 300000;
  let active = Date.now();
  let last = 0;
  let timer = 0;
  for (const kind of ["pointermove", "pointerdown", "keydown", "scroll"]) {
    document.addEventListener(kind, () => { active = Date.now(); }, { passive: true });
  }

  async function refresh() {
    timer = 0;
    last = Date.now();
    if (document.hidden || last - active > attention) {
      return;
    }
    try {
      const answer = await fetch(location.pathname);
      if (!answer.ok || answer.redirected) {
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of document.querySelectorAll("[data-refresh]")) {
        const fresh = page.getElementById(part.id);
        if (fresh && !part.contains(document.activeElement)) {
          part.className = fresh.className;
          part.replaceChildren(...fresh.childNodes);
          localise(part);
        }
      }
    } catch {
      // The node does not answer; the state of the feed says so.
    }
  }

  return () => {
    if (timer === 0) {
      timer = setTimeout(refresh, Math.max(0, last + 2000 - Date.now()));
    }
  };
}

localise(document);
offerTheme();
const feed = document.getElementById("feed");
if (feed) {
  live(feed);
} else if (document.querySelector("[data-refresh]")) {
  setInterval(refresher(), 5000);
}
