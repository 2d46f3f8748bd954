// The rule browser.

import { Problem, getJson } from "./api.js";
import { el } from "./el.js";
import { clause } from "./verdict.js";
import { onChange, platform, platformName } from "./where.js";
import { say } from "./words.js";

const search = document.getElementById("rules-search");
const here = document.getElementById("rules-here");
const list = document.getElementById("rules-list");
const count = document.getElementById("rules-count");
const article = document.getElementById("rule");

let timer, pending, shown = null;

export function start() {
  search.addEventListener("input", () => (clearTimeout(timer), (timer = setTimeout(find, 150))));
  here.addEventListener("change", find);
  onChange(find);
  list.addEventListener("keydown", move);
}

export function refresh() {
  find();
  if (shown) show(shown);
}

export async function find() {
  pending?.abort();
  pending = new AbortController();
  const query = new URLSearchParams();
  if (search.value.trim()) query.set("q", search.value.trim().slice(0, 100));
  if (here.checked) query.set("platform", platform());
  try {
    const { rules } = await getJson(`v1/rules?${query}`, { signal: pending.signal });
    count.textContent = rules.length ? say("rules.count", { n: rules.length }) : say("rules.none");
    list.replaceChildren(...rules.map(item));
  } catch (error) {
    if (error.name === "AbortError") return;
    if (!(error instanceof Problem)) throw error;
    count.textContent = error.message;
  }
}

function item(rule) {
  const level = rule.severity[platform()] ?? rule.severity.default;
  const button = el(
    "button",
    { class: "row", "aria-current": rule.code === shown, "data-code": rule.code, onclick: () => show(rule.code) },
    el("span", { class: `badge ${level}` }, say(`severity.${level}`)),
    el("span", { class: "code" }, rule.code),
    el("span", { class: "what" }, rule.title),
  );
  return el("li", {}, button);
}

async function show(code) {
  shown = code;
  for (const button of list.querySelectorAll("button")) button.setAttribute("aria-current", button.dataset.code === code);
  try {
    const rule = await getJson(`v1/rules/${code}`);
    if (shown !== code) return;
    article.replaceChildren(...page(rule));
    if (matchMedia("(max-width: 760px)").matches) article.scrollIntoView({ block: "start" });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    article.replaceChildren(el("p", {}, error.message));
  }
}

function page(rule) {
  const levels = Object.entries(rule.severity).map(([place, level]) => {
    const [id, status] = place.split(".");
    const where = place === "default" ? "" : `${platformName(id)}${status ? ` ${status}` : ""} `;
    return `${where}${say(`severity.${level}`)}`;
  });
  const texts = (items) => items.length && el("ul", {}, items.map((text) => el("li", {}, text)));
  const rows = [
    [say("how"), rule.why],
    [say("rule.exempt"), rule.exemptions],
    [say("rule.platforms"), rule.platforms.map(platformName).join("、")],
    [say("rule.levels"), levels.join("；")],
    ...rule.citations.map((citation) => [say("clause"), clause(citation)]),
    [say("rule.finds"), texts(rule.examples.hit)],
    [say("rule.passes"), texts(rule.examples.pass)],
    [say("rule.fixes"), texts(rule.fixes.map((fix) => `${fix.text} → ${fix.want}`))],
    [say("rule.sendable"), texts(rule.sendable)],
    [say("instead"), rule.advice],
  ].filter(([, value]) => value);
  return [
    el("h2", {}, el("span", { class: "code" }, rule.code), " ", rule.title),
    el("p", {}, rule.message.replace("{surface}", "……")),
    el("dl", {}, rows.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
  ];
}

function move(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const buttons = [...list.querySelectorAll("button")];
  buttons[buttons.indexOf(document.activeElement) + step]?.focus();
  event.preventDefault();
}
