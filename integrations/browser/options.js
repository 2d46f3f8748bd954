"use strict";

const DEFAULTS = { service: "http://127.0.0.1:8321", key: "", unavailable: "refuse" };
const field = (name) => document.getElementById(name);

chrome.storage.local.get({ ...DEFAULTS, unchecked: 0 }).then((known) => {
  for (const name of Object.keys(DEFAULTS)) field(name).value = known[name];
  field("unchecked").textContent = known.unchecked;
});

document.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  await chrome.storage.local.set(Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, field(name).value.trim()])));
  document.querySelector("output").textContent = "已保存";
});
