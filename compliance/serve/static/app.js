// Start: tabs, language, theme, key.

import { keepKey, onKeyNeeded } from "./api.js";
import * as audits from "./audits.js";
import * as check from "./check.js";
import * as read from "./read.js";
import * as rules from "./rules.js";
import { prepare } from "./where.js";
import { language, speak } from "./words.js";

const rooms = { check, read, rules, audits };
const tabs = [...document.querySelectorAll("[role=tab]")];

function open(tab, focus = false) {
  for (const other of tabs) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", chosen);
    other.tabIndex = chosen ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).hidden = !chosen;
  }
  const name = tab.getAttribute("aria-controls");
  document.body.dataset.tab = name;
  // an address without a part stays so: the browser would take the part for the place from which the tab key goes on
  if (location.hash || tab !== tabs[0]) history.replaceState(null, "", `#${name}`);
  if (focus) tab.focus();
  if (name === "rules" || name === "audits") rooms[name].refresh();
}

for (const tab of tabs) {
  tab.addEventListener("click", () => open(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const to = { Home: 0, End: tabs.length - 1 }[event.key];
    if (step === undefined && to === undefined) return;
    event.preventDefault();
    open(tabs[to ?? (tabs.indexOf(tab) + step + tabs.length) % tabs.length], true);
  });
}

/** Return the tab that the address names, if it names one. */
const named = () => tabs.find((tab) => `#${tab.getAttribute("aria-controls")}` === location.hash);

function chooseLanguage(chosen) {
  speak(chosen);
  const other = document.getElementById("language");
  other.textContent = chosen === "zh" ? "English" : "中文";
  other.lang = chosen === "zh" ? "en" : "zh-CN";
  localStorage.setItem("compliance-language", chosen);
  for (const room of Object.values(rooms)) if (room === check || room === read || !document.getElementById(nameOf(room)).hidden) room.refresh();
}

const nameOf = (room) => Object.keys(rooms).find((name) => rooms[name] === room);

function chooseTheme(chosen) {
  document.documentElement.dataset.theme = chosen;
  localStorage.setItem("compliance-theme", chosen);
}

document.getElementById("language").addEventListener("click", () => chooseLanguage(language() === "zh" ? "en" : "zh"));
document.getElementById("theme").addEventListener("click", () => {
  const now = document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  chooseTheme(now === "dark" ? "light" : "dark");
});

const dialog = document.getElementById("key-dialog");
const key = document.getElementById("key");
function askForKey() {
  key.hidden = false;
  if (!dialog.open) dialog.showModal();
}
key.addEventListener("click", askForKey);
onKeyNeeded(askForKey);
dialog.addEventListener("close", () => {
  if (dialog.returnValue !== "ok") return;
  keepKey(document.getElementById("key-value").value.trim());
  document.getElementById("key-value").value = "";
  prepare();
  document.getElementById("where").dispatchEvent(new Event("change"));
});

const kept = localStorage.getItem("compliance-theme");
if (kept === "light" || kept === "dark") chooseTheme(kept);
for (const room of Object.values(rooms)) room.start();
chooseLanguage(localStorage.getItem("compliance-language") === "en" ? "en" : "zh");
prepare();
open(named() ?? tabs[0]);
addEventListener("hashchange", () => {
  const tab = named();
  if (tab && tab.getAttribute("aria-selected") !== "true") open(tab);
});
