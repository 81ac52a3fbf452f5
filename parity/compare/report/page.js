"use strict";

const cases = [...document.querySelectorAll(".case")];
const search = document.getElementById("search");
const shown = document.getElementById("shown");
const openAll = document.getElementById("open");
const kinds = [...document.querySelectorAll('input[name="kind"]')];
const texts = new Map(cases.map((one) => [one, one.textContent.toLowerCase()]));

function visible() {
  return cases.filter((one) => !one.hidden);
}

function filter() {
  const kind = kinds.find((one) => one.checked).value;
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = { all: ["alike", "changed", "differs", "fails"], different: ["differs", "fails"], failing: ["fails"] }[kind];
  for (const one of cases) {
    one.hidden = !wanted.includes(one.dataset.kind) || !words.every((word) => texts.get(one).includes(word));
  }
  const count = visible().length;
  shown.value = count === cases.length ? `${count} requests` : `${count} of ${cases.length} requests`;
}

function step(by) {
  const among = visible();
  const now = among.indexOf(document.activeElement.closest?.(".case"));
  const next = among[Math.min(among.length - 1, Math.max(0, now + by))];
  next?.querySelector("summary").focus();
}

function choose(number) {
  kinds[number].checked = true;
  filter();
}

function theme() {
  const style = document.documentElement.style;
  const dark = style.colorScheme ? style.colorScheme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  style.colorScheme = dark ? "light" : "dark";
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  "/": () => search.focus(),
  t: theme,
  1: () => choose(0),
  2: () => choose(1),
  3: () => choose(2),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target === search;
  if (typing && event.key === "Escape") {
    search.value = "";
    search.blur();
    filter();
  }
  const arrows = event.key.startsWith("Arrow");
  const inCase = document.activeElement.matches?.(".case > summary");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || (arrows && !inCase) || !(event.key in keys)) {
    return;
  }
  event.preventDefault();
  keys[event.key]();
});

search.addEventListener("input", filter);
search.form.addEventListener("submit", (event) => event.preventDefault());
kinds.forEach((one) => one.addEventListener("change", filter));
document.getElementById("theme").addEventListener("click", theme);
openAll.addEventListener("click", () => {
  const open = openAll.textContent === "Open all";
  visible().forEach((one) => { one.open = open; });
  openAll.textContent = open ? "Close all" : "Open all";
});
addEventListener("beforeprint", () => visible().forEach((one) => { one.open = true; }));

/* A link to #case-NAME opens that request. */
function openLinked() {
  const linked = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (linked?.matches(".case")) {
    linked.open = true;
    linked.scrollIntoView();
  }
}
addEventListener("hashchange", openLinked);
filter();
openLinked();
